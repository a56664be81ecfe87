/**
 * `npm run test:clients`: other people's MCP clients against this package as it is published. Packs the project,
 * installs the archive and the clients into temporary folders, and prints what each client can do over each transport.
 * Exit code 1 where a client fails, or cannot be installed.
 */
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { requireArguments } from "../codegen/read-arguments.ts";
import type { ClientRow, Transport } from "./clients/client.ts";
import { compatibilityPage, report } from "./clients/report.ts";
import { serversOf } from "./clients/servers.ts";
import { startSilentUpstream } from "./clients/silent-upstream.ts";
import { CLIENTS } from "./clients/table.ts";
import { outcomesOf, tryClient, type Attempt } from "./clients/try-client.ts";
import {
  installBundle,
  installClients,
  installedVersion,
  makeFolder,
  openClientWorkspace,
} from "./clients/workspace.ts";

const TRANSPORTS: readonly Transport[] = ["stdio", "http"];

const { values } = requireArguments({
  help: `usage: npm run test:clients [-- options]

Other people's MCP clients against this package as it is published.

  --only <word>    only clients whose name contains it; may be repeated
  --folder <path>  keep the installed clients there, and use them again
  --write <path>   write the page docs/compatibility.md there as well
`,
  most: 0,
  options: { only: { type: "string", multiple: true }, folder: { type: "string" }, write: { type: "string" } },
});
const wanted = (values.only ?? []).map((word) => word.toLowerCase());
const clients = CLIENTS.filter(
  ({ name }) => wanted.length === 0 || wanted.some((word) => name.toLowerCase().includes(word)),
);

const temporary = await makeFolder();
const folder = values.folder === undefined ? join(temporary, "clients") : resolve(values.folder);
const silent = await startSilentUpstream();
const bundle = await installBundle(join(temporary, "bundle"));
const servers = serversOf(bundle);
try {
  if (!existsSync(join(folder, "node_modules"))) await installClients(folder, packagesOf(clients));
  const workspace = await openClientWorkspace(folder);
  const attempts: Attempt[] = [];
  for (const client of clients) {
    for (const transport of TRANSPORTS) {
      const attempt = await tryClient(client, transport, { workspace, servers, silent });
      attempts.push(attempt);
      process.stderr.write(
        `${client.name}, ${transport}: ${outcomesOf(attempt)
          .map(({ kind }) => kind)
          .join(" ")}\n`,
      );
    }
  }
  const versions = await Promise.all(
    clients.map(async ({ name, packages }) => [name, await installedVersion(folder, packages[0] ?? "")] as const),
  );
  const measured = report(attempts, new Map(versions));
  process.stdout.write(measured);
  if (values.write !== undefined) await writeFile(values.write, compatibilityPage(measured, process.versions.node));
  if (attempts.some((attempt) => outcomesOf(attempt).some(({ kind }) => kind === "failed"))) process.exitCode = 1;
} finally {
  await servers.close();
  await silent.close();
  await rm(temporary, { recursive: true, force: true });
}

function packagesOf(rows: readonly ClientRow[]): string[] {
  return [...new Set(rows.flatMap(({ packages }) => packages))];
}
