/** Makes server.json, which describes this package to the MCP registry (format 2025-12-11). */
import { OFFERED } from "./offered-settings.ts";
import { TITLE, type PackageFacts } from "./package.ts";

const SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json";
/** The registry refuses a longer one. */
export const DESCRIPTION_LIMIT = 100;

export function serverJson({ mcpName, description, version, name, repository }: PackageFacts): string {
  const server = {
    $schema: SCHEMA,
    name: mcpName,
    title: TITLE,
    description,
    ...(repository && { repository: { url: repository.url.replace(/^git\+|\.git$/g, ""), source: "github" } }),
    version,
    packages: [
      {
        registryType: "npm",
        identifier: name,
        version,
        runtimeHint: "npx",
        transport: { type: "stdio" },
        environmentVariables: OFFERED.map(({ name: variable, doc, kind, choices, fallback, secret, required }) => ({
          name: variable,
          description: doc,
          isRequired: required,
          ...(secret && { isSecret: true }),
          ...(kind === "boolean" && { format: "boolean" }),
          ...(choices.length > 0 && { choices }),
          ...(fallback !== undefined && { default: fallback }),
        })),
      },
    ],
  };
  return `${JSON.stringify(server, null, 2)}\n`;
}
