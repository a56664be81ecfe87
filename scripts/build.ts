/**
 * `npm run build`: bundles the commands and the client into build/, with everything they need. What only some runs load
 * (HTTP, the sandbox, each era's SDK, each domain's validators) stays in chunks of its own.
 */
import { build, type Plugin } from "esbuild";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { thirdPartyLicences } from "./release-licences.ts";

const ROOT = new URL("..", import.meta.url);

/** The commands, the client for programs and the serverless function, by the name of their file in build/. */
const ENTRIES = {
  index: "src/cli/index.ts",
  server: "src/cli/server.ts",
  client: "src/client.ts",
  vercel: "src/cli/vercel.ts",
};

/** Some packages are CommonJS and call `require` for Node's own modules. */
const REQUIRE =
  'import { createRequire as createRequireOfBundle } from "node:module"; const require = ' +
  "createRequireOfBundle(import.meta.url);";

/**
 * The SDK's low-level server checks answers to its own `elicitInput` with ajv, which this project never calls: it asks
 * through `sendRequest`. ajv would cost the first call about 15 ms and 2 MB.
 */
const withoutAjv: Plugin = {
  name: "without-ajv",
  setup: ({ onLoad }) =>
    onLoad({ filter: /@modelcontextprotocol[\\/]sdk[\\/]dist[\\/]esm[\\/]validation[\\/]ajv-provider\.js$/ }, () => ({
      contents:
        'export class AjvJsonSchemaValidator { getValidator() { throw new Error("This build has no JSON Schema ' +
        'validator."); } }',
    })),
};

/** A large JSON is read faster by JSON.parse than as a program. */
const parsedJson: Plugin = {
  name: "parsed-json",
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]generated[\\/]\w+[\\/][\w-]+\.json$/ }, async ({ path }) => {
      const text = JSON.stringify(JSON.parse(await readFile(path, "utf8")));
      return { contents: `export default JSON.parse(${JSON.stringify(text)});` };
    }),
};

/** Writes the bundle into `outdir`, which is emptied first. */
export async function buildTo(outdir: string): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  const root = new URL(".", ROOT).pathname;
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outdir,
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // Not identifiers: names are part of messages and of the stacks in the log, and keepNames would give every closure
    // its name anew whenever it is made, some 5 % of a request.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    banner: { js: REQUIRE },
    plugins: [withoutAjv, parsedJson],
    logLevel: "warning",
    metafile: true,
  });
  await writeFile(join(outdir, "THIRD-PARTY-LICENSES.txt"), await thirdPartyLicences(metafile, root));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await buildTo("build");
