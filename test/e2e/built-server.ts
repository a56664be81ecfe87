/** The bundle as users run it, started as a real process. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeAll } from "vitest";
import { builtOnce } from "./build-once.ts";
import { listen } from "../listen.ts";

type Json = Record<string, unknown>;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A started server and the client's side of its pipes. */
export interface Running {
  readonly process: ChildProcessWithoutNullStreams;
  send(...messages: (Json | string)[]): void;
  /** The response to a request, or the first message that fits. */
  answer(id: unknown): Promise<Json>;
  find(test: (message: Json) => boolean): Promise<Json>;
  /** Closes stdin, where that has not been done, and waits. */
  end(): Promise<Ended>;
  /** Ends a server over HTTP at once, as Ctrl+C does, and waits: on SIGTERM it would serve on for a while. */
  stop(): Promise<Ended>;
  readonly ended: Promise<Ended>;
}

/** Only what a process needs of this environment, so that no setting of the machine's reaches a test. */
const ENVIRONMENT = { PATH: process.env["PATH"] ?? "", HOME: tmpdir() };

/**
 * Sees to the bundle before the tests of a file, and ends what they started. `within` goes before each command, such as
 * one that enters a network namespace.
 */
export function useBuiltServer(within: () => readonly string[] = () => []) {
  let folder = "";
  const started = new Set<ChildProcessWithoutNullStreams>();
  beforeAll(async () => {
    folder = await builtOnce();
  });
  afterEach(() => {
    for (const child of started) child.kill("SIGKILL");
    started.clear();
  });

  return {
    path: (file = "index.js") => join(folder, file),
    environment: ENVIRONMENT,
    start(args: readonly string[], env: Readonly<Record<string, string>> = {}, file = "index.js"): Running {
      const [command = "", ...words] = [...within(), process.execPath, resolve(folder, file), ...args];
      const child = spawn(command, words, {
        env: { ...ENVIRONMENT, ...env },
        cwd: tmpdir(),
      });
      started.add(child);
      return running(child);
    },
  };
}

function running(child: ChildProcessWithoutNullStreams): Running {
  const { find, ended } = readOutput(child);
  child.stdin.on("error", () => {});
  return {
    process: child,
    send: (...sent) => {
      for (const message of sent) child.stdin.write(lineOf(message));
    },
    find,
    answer: (id) => find((message) => message["id"] === id && !("method" in message)),
    end: () => {
      child.stdin.end();
      return ended;
    },
    stop: () => {
      child.kill("SIGINT");
      return ended;
    },
    ended,
  };
}

/** A message as the protocol frames it; a text goes out as it is. */
function lineOf(message: Json | string): string {
  return `${typeof message === "string" ? message : JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;
}

/** Keeps what a server writes, and finds the messages in it. */
function readOutput(child: ChildProcessWithoutNullStreams): Pick<Running, "find" | "ended"> {
  const messages: Json[] = [];
  let stdout = "";
  let stderr = "";
  let over = false;
  // Several may wait at a time, each for an answer of its own.
  const waiting: (() => void)[] = [];
  const wake = () => waiting.splice(0).forEach((resolve) => resolve());
  const split = lineSplitter();
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    for (const line of split(chunk)) if (line.startsWith("{")) messages.push(JSON.parse(line) as Json);
    wake();
  });
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal, stdout, stderr }) as Ended);
  void ended.then(() => {
    over = true;
    wake();
  });
  async function find(test: (message: Json) => boolean): Promise<Json> {
    for (;;) {
      const found = messages.find(test);
      if (found !== undefined) return found;
      if (over) throw new Error(`The server ended before it answered. It said: ${stderr}`);
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }
  return { find, ended };
}

/** Gives the lines that each chunk completes. */
function lineSplitter(): (chunk: string) => string[] {
  let rest = "";
  return (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    return lines;
  };
}

/** A stand-in for Portkey that answers as `listener` does, and the settings that lead a server to it. */
export function useUpstream() {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
  return async (listener: RequestListener): Promise<Record<string, string>> => {
    const server = createServer(listener);
    servers.push(server);
    const { origin } = await listen(server);
    return {
      PORTKEY_API_KEY: "pk-test",
      PORTKEY_BASE_URL: `${origin}/v1`,
      PORTKEY_ALLOW_PRIVATE_BASE_URL: "true",
      PORTKEY_ALLOW_INSECURE_HTTP: "true",
    };
  };
}

export const INITIALIZE: Json = {
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
};

/** A call of a tool, as a message. */
export function call(id: number, name: string, args: Json = {}): Json {
  return { id, method: "tools/call", params: { name, arguments: args } };
}

/** Where an HTTP server says that it listens; rejects with its stderr where it ends before. */
export async function listening({ process: child, ended }: Running): Promise<string> {
  let text = "";
  const found = new Promise<string>((resolve) => {
    child.stderr.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const url = /"url":"([^"]+)"/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
  return Promise.race([found, ended.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
}
