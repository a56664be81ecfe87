/**
 * `npm run release:files`: writes the files that registries and installers read, and the pages of docs/ that are made
 * from tables. With --check it writes nothing, names the files that are behind, and ends with exit code 1 if there are
 * any.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { clientsPage } from "./release/clients-page.ts";
import { PACKAGE } from "./release/package.ts";
import { serverJson } from "./release/server-json.ts";
import { smitheryYaml } from "./release/smithery.ts";
import { metricsPage } from "./metrics.ts";
import { settingsPage } from "./settings.ts";

const ROOT = new URL("..", import.meta.url);

/** Each file's text, by its path in the repository. */
export const RELEASE_FILES: Readonly<Record<string, () => string>> = {
  "server.json": () => serverJson(PACKAGE),
  "smithery.yaml": () => smitheryYaml(PACKAGE),
  "docs/clients.md": clientsPage,
  "docs/settings.md": settingsPage,
  "docs/metrics.md": metricsPage,
};

/** The files whose text is not what the tables say. */
export function staleFiles(): string[] {
  return Object.entries(RELEASE_FILES).flatMap(([path, make]) => {
    const file = new URL(path, ROOT);
    return existsSync(file) && readFileSync(file, "utf8") === make() ? [] : [path];
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const stale = staleFiles();
  if (process.argv.includes("--check")) {
    for (const path of stale) process.stderr.write(`${path} is behind. Run: npm run release:files\n`);
    if (stale.length > 0) process.exitCode = 1;
  } else {
    for (const path of stale) {
      writeFileSync(new URL(path, ROOT), RELEASE_FILES[path]?.() ?? "");
      process.stdout.write(`${path}\n`);
    }
  }
}
