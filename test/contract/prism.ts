/**
 * `npm run test:prism`: an independent judge. Prism serves Portkey's own document and validates every request that the
 * tools
 * send, with required, full and null arguments; a violation is printed with the tool's name and fails the run.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadValidators } from "../../generated/portkey/validators.ts";
import { createPortkey } from "../../src/portkey/create.ts";
import { createPooledFetch, type SendRequest } from "../../src/portkey/transport/pooled-fetch.ts";
import { everyCall } from "./calls.ts";
import { document, documentName, places, type Node } from "./document.ts";

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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startPrism(folder: string): Promise<{ process: ChildProcess; url: string }> {
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
    await new Promise((resolve) => setTimeout(resolve, 200));
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

const folder = await mkdtemp(join(tmpdir(), "prism-"));
const prism = await startPrism(folder);
const bases = { control: prism.url, gateway: prism.url, public: prism.url, registry: prism.url };
const verdicts: string[] = [];
const pooledFetch = createPooledFetch();
const judging: SendRequest = async (request) => {
  const text = await (await pooledFetch(request)).text();
  verdicts.push(
    /UNPROCESSABLE_ENTITY|VIOLATIONS|NO_PATH_MATCHED|NO_METHOD_MATCHED|UNAUTHORIZED/.test(text)
      ? text.slice(0, 400)
      : "",
  );
  return new Response("{}", { status: 200 });
};
const portkey = createPortkey({ bases, timeoutMs: 30_000, maxRetries: 0, loadValidators, fetch: judging });
let accepted = 0;
const refused: string[] = [];
try {
  for (const call of (["required", "full"] as const).flatMap(everyCall)) {
    if (call.at === "POST /logs" && Object.keys(call.args).length === 0) continue;
    await portkey.send(call.record, call.args, {
      credentials: { workspaceKey: "pk-w", adminKey: "pk-a" },
      signal: AbortSignal.timeout(60_000),
    });
    const verdict = verdicts.at(-1);
    if (verdict) refused.push(`${call.record.name} (${call.fullness}): ${verdict}`);
    else accepted++;
  }
} finally {
  prism.process.kill();
  await rm(folder, { recursive: true, force: true });
}
for (const line of refused) process.stdout.write(`refused ${line}\n`);
process.stdout.write(`Prism on ${documentName}: ${accepted} requests accepted, ${refused.length} refused\n`);
process.exitCode = refused.length > 0 || accepted === 0 ? 1 : 0;
