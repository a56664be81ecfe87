/**
 * Records the last requests without their keys, for tests that check what was sent.
 */
export interface RecordedRequest {
  readonly method: string;
  /** As sent, percent-encoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The parsed JSON body; undefined where there was none. */
  readonly body: unknown;
}

const most = 1000;
const secret = new Set(["x-portkey-api-key", "authorization", "cookie"]);

export class Recorder {
  readonly requests: RecordedRequest[] = [];

  add({ headers, ...rest }: RecordedRequest): void {
    this.requests.push({
      ...rest,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !secret.has(name))),
    });
    if (this.requests.length > most) this.requests.shift();
  }

  clear(): void {
    this.requests.length = 0;
  }
}
