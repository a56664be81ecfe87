/** The Inspector's command line, in the era it is told to use. Each step is a process of its own. */
import { join } from "node:path";
import type { Connection, Ran, Target, ClientWorkspace } from "./client.ts";
import { answerOf, type Result } from "./sdk-v1.ts";

export function connectInspector(
  era: "legacy" | "modern",
): (target: Target, workspace: ClientWorkspace) => Promise<Connection> {
  return async (target, workspace) => {
    const inspect = async (method: readonly string[]): Promise<unknown> => {
      const bin = join(workspace.folder, "node_modules", ".bin", "mcp-inspector");
      const flags = ["--cli", "--protocol-era", era, "--format", "json", "-q", ...method];
      // Node 24 stands beside it: the Inspector needs more than this project does.
      const node = join(workspace.folder, "node_modules", "node", "bin", "node");
      return parse(
        target.kind === "http"
          ? await workspace.run(node, [bin, ...flags, "--transport", "http", "--server-url", target.url])
          : await workspace.run(node, [bin, ...flags, "--transport", "stdio", "--", target.command, ...target.args], {
              env: target.env,
            }),
      );
    };
    return {
      list: async () =>
        ((await inspect(["--method", "tools/list", "--strict"])) as { tools: { name: string }[] }).tools.map(
          ({ name }) => name,
        ),
      call: async (name, args) =>
        answerOf(
          (await inspect([
            "--method",
            "tools/call",
            "--tool-name",
            name,
            "--tool-args-json",
            JSON.stringify(args),
          ])) as Result,
        ),
      close: async () => {},
    };
  };
}

/** The result is on stdout; a tool's own error leaves it there and adds a complaint of the Inspector's on stderr. */
function parse({ stdout, stderr, code }: Ran): unknown {
  if (stdout.trim() === "") throw new Error(`exit ${code}: ${stderr.trim()}`);
  return (JSON.parse(stdout) as { result: unknown }).result;
}
