/** Load from another process: jobs in, throughput out. */
import { script, type Child } from "./child.ts";
import type { BenchWorkspace } from "./workspace.ts";

export interface Job {
  readonly url: string;
  /** Open at once, one request at a time on each. */
  readonly connections: number;
  readonly seconds: number;
  /** Requests per second over all connections; without it as many as the server answers. */
  readonly rate?: number;
  /** What to send: the n-th connection sends the n-th of these, over and over. */
  readonly requests: readonly { readonly headers: Readonly<Record<string, string>>; readonly body: string }[];
}

export interface JobResult {
  readonly total: number;
  readonly seconds: number;
  /** Broken, timed out or not 2xx. */
  readonly failed: number;
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export class Load {
  readonly #child: Child;
  #waiting: ((line: string) => void) | undefined;

  constructor(workspace: BenchWorkspace) {
    this.#child = workspace.start({ args: script("load-worker.ts") });
    let text = "";
    this.#child.process.stdout.setEncoding("utf8");
    this.#child.process.stdout.on("data", (chunk: string) => {
      text += chunk;
      const end = text.indexOf("\n");
      if (end < 0) return;
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      this.#waiting?.(line);
    });
  }

  /** Runs the jobs at the same time. Throws where a request failed: such a figure would be of something else. */
  async run(...jobs: Job[]): Promise<JobResult[]> {
    const ended = this.#child.ended.then(() => {
      throw new Error(`The load generator ended. ${this.#child.complaints()}`);
    });
    const line = new Promise<string>((resolve) => {
      this.#waiting = resolve;
    });
    this.#child.process.stdin.write(`${JSON.stringify(jobs)}\n`);
    const results = JSON.parse(await Promise.race([line, ended])) as JobResult[];
    for (const [index, { failed, total }] of results.entries()) {
      if (failed > 0 || total === 0) throw new Error(`${failed} of ${total} requests to ${jobs[index]?.url} failed.`);
    }
    return results;
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}

export function perSecond({ total, seconds }: JobResult): number {
  return total / seconds;
}
