/** The types of the part of autocannon that the load worker uses; the package has none. */
declare module "autocannon" {
  interface Client {
    setHeadersAndBody(headers: Record<string, string>, body: string): void;
  }
  interface Options {
    readonly url: string;
    readonly connections: number;
    /** Seconds; so is `timeout`. */
    readonly duration: number;
    readonly timeout: number;
    /** Requests per second over all connections. */
    readonly overallRate?: number;
    readonly method: "POST";
    readonly setupClient: (client: Client) => void;
  }
  interface Result {
    readonly requests: { readonly total: number };
    readonly throughput: { readonly total: number };
    /** Milliseconds. */
    readonly latency: { readonly p50: number; readonly p99: number };
    /** Seconds. */
    readonly duration: number;
    readonly errors: number;
    readonly timeouts: number;
    readonly non2xx: number;
  }
  export default function autocannon(options: Options): Promise<Result>;
}
