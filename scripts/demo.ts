/**
 * `npm run demo [-- --edition NAME]`: starts the built stdio server on its sandbox, as a client would, and plays the
 * edition's demo. Prints what is asked and answered; anything unexpected ends it with exit code 1.
 */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { requireArguments } from "../codegen/read-arguments.ts";
import { EDITION_NAMES, MAIN_EDITION, type EditionName } from "../src/catalog/editions.ts";
import { createStage, say, type Stage } from "./demo/stage.ts";
import { walkAccount } from "./demo/walk-account.ts";
import { walkPrompt } from "./demo/walk-prompt.ts";

const WALKS: Readonly<Record<EditionName, (stage: Stage) => Promise<void>>> = {
  portkey: walkPrompt,
  airs: walkAccount,
};

const { values, positionals } = requireArguments({
  help: `usage: npm run demo [-- <server's file>] [--edition ${EDITION_NAMES.join("|")}]

Starts the built stdio server on its sandbox, as a client would, and plays the edition's demo.
`,
  most: 1,
  options: { edition: { type: "string", default: MAIN_EDITION } },
});
/** The server to drive; another build's may be named on the command line. */
const server = positionals[0] ?? fileURLToPath(new URL("../build/index.js", import.meta.url));
const edition = EDITION_NAMES.find((name) => name === values.edition);
if (edition === undefined) refuse(`--edition is "${values.edition}". Use one of: ${EDITION_NAMES.join(", ")}.`);
else if (!existsSync(server)) refuse(`${server} is not there. Run: npm run build`);
else await play(server, edition);

function refuse(line: string): void {
  process.stderr.write(`${line}\n`);
  process.exitCode = 1;
}

async function play(path: string, name: EditionName): Promise<void> {
  const started = performance.now();
  const client = new Client({ name: "demo", version: "1.0.0" });
  const args = [path, "--sandbox", "--edition", name];
  try {
    await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: "inherit" }));
    await WALKS[name](createStage(client));
    say(`\nDone in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  } catch (error) {
    say(`\nThe demo met a surprise: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    await client.close();
  }
}
