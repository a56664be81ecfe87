/** mcporter's command line. Each step is a process of its own. */
import type { Answer, Connection, Target, ClientWorkspace } from "./client.ts";
import { answerOf, type Result } from "./sdk-v1.ts";

/** Long enough for the server to start and the call to be sent, also on a busy machine. */
const CANCEL_AFTER_MS = "8000";

export async function connectMcporter(target: Target, { run }: ClientWorkspace): Promise<Connection> {
  const server =
    target.kind === "http"
      ? ["--http-url", target.url, "--allow-http", "--name", "portkey"]
      : [
          "--stdio",
          target.command,
          ...target.args.flatMap((arg) => ["--stdio-arg", arg]),
          ...Object.entries(target.env).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
          "--name",
          "portkey",
        ];
  const call = (tool: string, args: unknown, ...flags: readonly string[]) =>
    run("mcporter", ["call", ...server, "--tool", tool, "--args", JSON.stringify(args), "--output", "json", ...flags]);
  return {
    async list() {
      const { stdout, stderr, code } = await run("mcporter", ["list", ...server, "--json", "--timeout", "60000"]);
      const names = [...stdout.matchAll(/"name": ?"([a-z0-9_]+)"/g)].map(([, name]) => name as string);
      if (names.length === 0) throw new Error(`exit ${code}: ${stderr}${stdout}`.slice(0, 500));
      return names;
    },
    async call(tool, args): Promise<Answer> {
      const { stdout, stderr } = await call(tool, args, "--timeout", "60000");
      return readAnswer(stdout, stderr);
    },
    async cancel(tool, args, running) {
      const ended = call(tool, args, "--timeout", CANCEL_AFTER_MS);
      await Promise.race([running, ended]);
      const { code } = await ended;
      if (code === 0) throw new Error("the call that ran out of time was answered");
    },
    close: async () => {},
  };
}

/** It prints the text's own JSON where the text is JSON, else the whole result. */
function readAnswer(stdout: string, stderr: string): Answer {
  if (stdout.trim() === "") return { text: stderr, isError: true };
  try {
    const value = JSON.parse(stdout) as Partial<Result>;
    return Array.isArray(value.content) ? answerOf(value as Result) : { text: JSON.stringify(value) };
  } catch {
    return { text: stdout };
  }
}
