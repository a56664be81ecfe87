/**
 * `npm run eval`: what an agent does with the tools. Tasks of several steps on the sandbox, graded by the state they
 * leave.
 *
 *   npm run eval                                             the scripted agent, offline: every task must be done
 *   npm run eval -- --agent 'claude -p --mcp-config "$EVAL_MCP_CONFIG" --allowedTools "mcp__portkey"'
 *   npm run eval -- --agent … --beside 'npx -y portkey-admin-mcp@0.12.0'
 *
 * The agent's command gets the request on stdin, finds the server in the file that EVAL_MCP_CONFIG names, and prints
 * its
 * last words. Transcripts and the report are written to build/eval/.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { requireArguments } from "../codegen/read-arguments.ts";
import { reportOf, type Contestant } from "./eval/report.ts";
import { runTask, type RunOptions, type TaskRun } from "./eval/run-task.ts";
import { readTasks, type Task } from "./eval/task.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const SCRIPTED = `"${process.execPath}" --import tsx "${join(root, "scripts/eval/scripted-agent.ts")}"`;

const { values } = requireArguments({
  help: `usage: npm run eval [-- options]

Tasks of several steps on the sandbox, graded by the state they leave; by default with a scripted agent, offline.

  --agent <command>   gets the request on stdin, and finds the server in the file that EVAL_MCP_CONFIG names
  --server <command>  the server, by default this build's
  --beside <command>  another server, tried with the same agent
  --task <word>       only tasks whose id contains it
  --repeat <n>        each task so often
  --timeout-s <n>     seconds that a task may take
`,
  most: 0,
  options: {
    agent: { type: "string", default: SCRIPTED },
    server: { type: "string", default: `${process.execPath} ${join(root, "build/index.js")}` },
    beside: { type: "string" },
    task: { type: "string", default: "" },
    repeat: { type: "string", default: "1" },
    "timeout-s": { type: "string", default: "300" },
  },
});

const tasks = readTasks().filter(({ id }) => id.includes(values.task));
const servers = [values.server, ...(values.beside === undefined ? [] : [values.beside])];
const contestants: Contestant[] = [];
for (const [index, server] of servers.entries()) {
  const options = { agent: values.agent, server: server.split(" "), timeoutMs: Number(values["timeout-s"]) * 1000 };
  contestants.push({ name: index === 0 ? "this server" : server, runs: await runAll(options) });
}
const report = reportOf(contestants);
const folder = join(root, "build/eval");
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "report.md"), `${report}\n`);
await writeFile(join(folder, "runs.json"), JSON.stringify(contestants, null, 2));
process.stdout.write(`${report}\n`);
// The scripted agent knows how: where it fails, a task or a tool is broken.
const scripted = values.agent === SCRIPTED;
if (scripted && contestants[0]?.runs.some(({ failed }) => failed.length > 0)) process.exitCode = 1;

async function runAll(options: RunOptions): Promise<TaskRun[]> {
  const runs: TaskRun[] = [];
  for (const task of repeated(tasks, Number(values.repeat))) {
    const run = await runTask(task, options);
    process.stderr.write(`${run.failed.length === 0 ? "done" : "FAILED"} ${task.id} (${run.calls.length} calls)\n`);
    runs.push(run);
  }
  return runs;
}

function repeated(all: readonly Task[], times: number): Task[] {
  return all.flatMap((task) => Array.from({ length: times }, () => task));
}
