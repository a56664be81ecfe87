/**
 * The clients that this project has installed anyway, through the same harness as test:clients, over both transports.
 */
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ClientRow } from "../../scripts/clients/client.ts";
import { connectSdkV1 } from "../../scripts/clients/sdk-v1.ts";
import { connectSdkV2 } from "../../scripts/clients/sdk-v2.ts";
import { serversOf } from "../../scripts/clients/servers.ts";
import { startSilentUpstream } from "../../scripts/clients/silent-upstream.ts";
import { outcomesOf, tryClient, type Surroundings } from "../../scripts/clients/try-client.ts";
import { openClientWorkspace } from "../../scripts/clients/workspace.ts";
import { copyBuilt } from "../e2e/build-once.ts";
import { isLong } from "../size.ts";

let folder = "";
let around: Surroundings;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "own-clients-"));
  await symlink(new URL("../../node_modules", import.meta.url).pathname, join(folder, "node_modules"));
  await copyBuilt(join(folder, "build"));
  around = {
    workspace: await openClientWorkspace(folder),
    servers: serversOf(folder),
    silent: await startSilentUpstream(),
  };
});
afterAll(async () => {
  await around.servers.close();
  await around.silent.close();
  await rm(folder, { recursive: true, force: true });
});

type Client = readonly [name: string, connect: ClientRow["connect"]];
const always: readonly Client[] = [
  ["the SDK's first major", connectSdkV1],
  ["its second, modern era", connectSdkV2("modern")],
];
/** In the legacy era the second major says what the first does. */
const clients = isLong ? [...always, ["its second, legacy era", connectSdkV2("legacy")] as const] : always;

describe.each(clients)("%s lists, calls, reads a large answer, sees an error, cancels", (name, connect) => {
  test.each(["stdio", "http"] as const)(
    "over %s",
    async (transport) => {
      const attempt = await tryClient({ name, packages: [], connect }, transport, around);
      expect(outcomesOf(attempt)).toEqual(Array(5).fill({ kind: "ok" }));
    },
    60_000,
  );
});
