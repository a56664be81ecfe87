/**
 * `npm run release:mcpb`: builds, and packs the bundle into portkey-admin-mcp-<version>.mcpb, which desktop clients
 * install with one click. Another path may be named on the command line.
 */
import { packExtension } from "@anthropic-ai/mcpb";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildTo } from "./build.ts";
import { mcpbManifest } from "./release/mcpb-manifest.ts";
import { PACKAGE } from "./release/package.ts";

const ROOT = new URL("..", import.meta.url).pathname;

/** Throws where the manifest breaks its schema. */
export async function packMcpb(outputPath: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "mcpb-"));
  try {
    await buildTo(join(folder, "build"));
    await cp(join(ROOT, "LICENSE"), join(folder, "LICENSE"));
    // Node takes .js for a module where a package.json beside it says so.
    await writeFile(
      join(folder, "package.json"),
      JSON.stringify({ name: PACKAGE.name, version: PACKAGE.version, type: "module" }),
    );
    await writeFile(join(folder, "manifest.json"), `${JSON.stringify(mcpbManifest(PACKAGE), null, 2)}\n`);
    if (!(await packExtension({ extensionPath: folder, outputPath, silent: true })))
      throw new Error("The bundle could not be packed: see above.");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  await packMcpb(process.argv[2] ?? `${PACKAGE.name}-${PACKAGE.version}.mcpb`);
