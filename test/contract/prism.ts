/**
 * `npm run test:prism`: an independent judge. Prism serves each edition's own document and validates every request that
 * its tools send, with required and full arguments; a violation is printed with the tool's name and fails the run.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as delay } from "node:timers/promises";
import { EDITION_NAMES, loadEdition, validatorLoaders, type EditionName } from "../../src/catalog/editions.ts";
import { createPortkey } from "../../src/portkey/create.ts";
import type { Bases } from "../../src/portkey/port.ts";
import { createPooledFetch, type SendRequest } from "../../src/portkey/transport/pooled-fetch.ts";
import { sampleEveryCall } from "./calls.ts";
import { openDocument, type ContractDocument, type Node } from "./document.ts";
import { freePort } from "../free-port.ts";

const TOKENS = "http://tokens.test/oauth2/access_token";
const BASES = ["control", "gateway", "public", "registry", "admin", "tenant"];
const VIOLATION = /UNPROCESSABLE_ENTITY|VIOLATIONS|NO_PATH_MATCHED|NO_METHOD_MATCHED|UNAUTHORIZED/;
const prismBin = fileURLToPath(new URL("../../node_modules/.bin/prism", import.meta.url));

/**
 * Three unions of the document overlap (one value fits several arms, which `oneOf` forbids): guardrail check
 * parameters,
 * integration configurations, and the body of a SCIM mapping. `anyOf` says what was meant. The project's facts give
 * that body a name.
 */
const overlapping = new Set(["parameters", "configurations", "schema", "CreateScimWorkspaceBody"]);

function relaxed(node: Node, name = ""): Node {
  if (Array.isArray(node)) return node.map((item) => relaxed(item));
  if (node === null || typeof node !== "object") return node;
  const { oneOf, discriminator, ...rest } = node;
  const copy = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, relaxed(value, key)]));
  if (!oneOf) return copy;
  return overlapping.has(name)
    ? { ...copy, anyOf: relaxed(oneOf) }
    : { ...copy, oneOf: relaxed(oneOf), ...(discriminator && name !== "auth_config" && { discriminator }) };
}

async function startPrism(
  folder: string,
  { document, places }: ContractDocument,
): Promise<{ process: ChildProcess; url: string }> {
  const file = join(folder, "document.json");
  const paths = Object.fromEntries(
    [...new Set(places.map(({ path }) => path))].map((path) => [path, requestsOf(document.paths[path])]),
  );
  await writeFile(file, JSON.stringify(relaxed({ ...document, servers: [{ url: "/" }], paths })));
  const port = await freePort();
  const child = spawn(prismBin, ["mock", "--errors", "-p", String(port), "-h", "127.0.0.1", file], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`prism ended with ${child.exitCode}`);
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return { process: child, url };
    await delay(200);
  }
  throw new Error("prism did not start");
}

/** Requests only: what Prism makes up as an answer is not judged here. */
function requestsOf(item: Node): Node {
  const { servers: _, ...rest } = item;
  const methods = Object.entries<Node>(rest).map(([key, value]) => [
    key,
    value?.responses ? { ...value, servers: undefined, responses: { 200: { description: "" } } } : value,
  ]);
  return Object.fromEntries(methods);
}

type Records = Parameters<typeof sampleEveryCall>[0];

const pooledFetch = createPooledFetch();
const credentials = {
  workspaceKey: "pk-w",
  adminKey: "pk-a",
  account: { clientId: "id", clientSecret: "secret", tenant: "1000000001" },
};

/** Sends on what is to be judged, and tells what Prism found wrong with the last request; empty if nothing. */
function watchVerdicts() {
  let verdict = "";
  const send: SendRequest = async (request) => {
    if (request.url.href === TOKENS) return Response.json({ access_token: "a-token", expires_in: 900 });
    const text = await (await pooledFetch(request)).text();
    verdict = VIOLATION.test(text) ? text.slice(0, 400) : "";
    return new Response("{}", { status: 200 });
  };
  return { send, lastVerdict: () => verdict };
}

/** The calls to judge: every tool with required and with full arguments. */
function callsOf(contract: ContractDocument, records: Records) {
  // All is served at one address.
  const places = contract.places.map((place) => ({ ...place, prefix: "" }));
  const calls = (["required", "full"] as const).flatMap((how) =>
    sampleEveryCall(records, { ...contract, places }, how),
  );
  return calls.filter(({ at, args }) => at !== "POST /logs" || Object.keys(args).length > 0);
}

/** How many requests were accepted, and a line for each that was not. */
async function judge(edition: EditionName): Promise<{ name: string; accepted: number; refused: string[] }> {
  const contract = openDocument(edition);
  const { records } = await loadEdition(edition);
  const folder = await mkdtemp(join(tmpdir(), "prism-"));
  const prism = await startPrism(folder, contract);
  const { send, lastVerdict } = watchVerdicts();
  const portkey = createPortkey({
    bases: Object.fromEntries(BASES.map((name) => [name, prism.url])) as Bases,
    tokenUrl: TOKENS,
    timeoutMs: 30_000,
    maxRetries: 0,
    loadValidators: validatorLoaders(edition, records),
    fetch: send,
  });
  const refused: string[] = [];
  let accepted = 0;
  try {
    for (const { record, args, fullness } of callsOf(contract, records)) {
      await portkey.send(record, args, { credentials, signal: AbortSignal.timeout(60_000) });
      const verdict = lastVerdict();
      if (verdict) refused.push(`${record.name} (${fullness}): ${verdict}`);
      else accepted++;
    }
  } finally {
    prism.process.kill();
    await rm(folder, { recursive: true, force: true });
  }
  return { name: contract.name, accepted, refused };
}

for (const edition of EDITION_NAMES) {
  const { name, accepted, refused } = await judge(edition);
  for (const line of refused) process.stdout.write(`refused ${line}\n`);
  process.stdout.write(`Prism on ${name}: ${accepted} requests accepted, ${refused.length} refused\n`);
  if (refused.length > 0 || accepted === 0) process.exitCode = 1;
}
