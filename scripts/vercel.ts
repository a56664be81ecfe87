/**
 * Arranges the build for Vercel's Build Output API (version 3): one function that answers every path.
 * vercel.json runs it after `npm run build`.
 */
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const ROOT = new URL("..", import.meta.url);

/** How Vercel runs the function: Node's own request and response, answers streamed as they come. */
const FUNCTION = {
  runtime: "nodejs22.x",
  handler: "vercel.js",
  launcherType: "Nodejs",
  shouldAddHelpers: false,
  shouldAddSourcemapSupport: false,
  supportsResponseStreaming: true,
  maxDuration: 300,
};

export async function layOut(build: URL, output: URL): Promise<void> {
  const folder = new URL("functions/mcp.func/", output);
  await rm(output, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(new URL("chunks/", build), new URL("chunks/", folder), { recursive: true });
  await cp(new URL("vercel.js", build), new URL("vercel.js", folder));
  await writeFile(new URL("package.json", folder), JSON.stringify({ type: "module" }));
  await writeFile(new URL(".vc-config.json", folder), JSON.stringify(FUNCTION));
  await writeFile(
    new URL("config.json", output),
    JSON.stringify({ version: 3, routes: [{ src: "/.*", dest: "/mcp" }] }),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await layOut(new URL("build/", ROOT), new URL(".vercel/output/", ROOT));
}
