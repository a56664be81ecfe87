/** manifest.json of the .mcpb bundle, which desktop clients install with one click. */
import { OFFERED } from "./offered-settings.ts";
import { AUTHOR, TITLE, type PackageFacts } from "./package.ts";

/** 0.4 only adds another language's runtime, and its authors call it experimental. */
export const MANIFEST_VERSION = "0.3";

export function mcpbManifest({ name, version, description, license, keywords, engines, repository }: PackageFacts) {
  const options = OFFERED.map(({ key, label, doc, kind, choices, fallback, secret, required }) => [
    key,
    {
      type: kind === "boolean" ? "boolean" : "string",
      title: label,
      description: choices.length === 0 ? doc : `${doc} One of: ${choices.join(", ")}.`,
      required,
      ...(secret && { sensitive: true }),
      // A client leaves the placeholder of an option without a value as it is: an empty text counts as not set.
      ...(!required && { default: kind === "boolean" ? fallback === "true" : (fallback ?? "") }),
    },
  ]);
  return {
    manifest_version: MANIFEST_VERSION,
    name,
    display_name: TITLE,
    version,
    description,
    author: { name: AUTHOR },
    ...(repository && { repository: { type: "git", url: repository.url.replace(/^git\+/, "") } }),
    license,
    keywords,
    server: {
      type: "node",
      entry_point: "build/index.js",
      mcp_config: {
        command: "node",
        args: ["${__dirname}/build/index.js"],
        env: Object.fromEntries(OFFERED.map(({ name: variable, key }) => [variable, `\${user_config.${key}}`])),
      },
    },
    tools_generated: true,
    prompts_generated: true,
    compatibility: { platforms: ["darwin", "win32", "linux"], runtimes: { node: engines.node } },
    user_config: Object.fromEntries(options),
  };
}
