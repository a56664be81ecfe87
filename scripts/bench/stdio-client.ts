/** A client over stdio with next to no cost of its own: one JSON message a line, answers matched by id. */
import type { Child } from "./child.ts";

export interface Answer {
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

export class StdioClient {
  readonly #child: Child;
  readonly #waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  readonly #parts: string[] = [];
  #id = 0;

  constructor(child: Child) {
    this.#child = child;
    child.process.stdout.setEncoding("utf8");
    child.process.stdout.on("data", (chunk: string) => this.#read(chunk));
    void child.ended.then(() => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`The server ended. ${child.complaints()}`));
      this.#waiting.clear();
    });
  }

  /** Initializes the session; resolves when it is established. */
  async open(): Promise<void> {
    await this.request("initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "bench", version: "1" },
    });
    this.#write({ jsonrpc: "2.0", method: "notifications/initialized" });
  }

  /** Resolves with the result; rejects with the server's error, or when the server ends. */
  async request(
    method: string,
    params: Readonly<Record<string, unknown>> = {},
  ): Promise<Readonly<Record<string, unknown>>> {
    const id = ++this.#id;
    const { result, error } = await new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#write({ jsonrpc: "2.0", id, method, params });
    });
    if (result === undefined) throw new Error(`${method} was answered with ${error?.code}: ${error?.message}`);
    return result;
  }

  #write(message: object): void {
    this.#child.process.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** A large answer comes in many chunks: they are joined once, at the line's end. */
  #read(chunk: string): void {
    const lines = chunk.split("\n");
    const rest = lines.pop() as string;
    for (const line of lines) {
      this.#parts.push(line);
      this.#take(this.#parts.splice(0).join(""));
    }
    if (rest !== "") this.#parts.push(rest);
  }

  #take(line: string): void {
    if (line.trim() === "") return;
    const message = JSON.parse(line) as Answer & { readonly id?: number };
    const waiting = message.id === undefined ? undefined : this.#waiting.get(message.id);
    if (waiting === undefined) return;
    this.#waiting.delete(message.id as number);
    waiting.resolve(message);
  }
}

/** Every tool of a server, all pages. */
export async function listAllTools(client: StdioClient): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const tools: Readonly<Record<string, unknown>>[] = [];
  let cursor: unknown;
  do {
    const { tools: page, nextCursor } = await client.request("tools/list", cursor === undefined ? {} : { cursor });
    tools.push(...(page as Readonly<Record<string, unknown>>[]));
    cursor = nextCursor;
  } while (cursor !== undefined);
  return tools;
}
