/** smithery.yaml: how Smithery starts the server, and the form it shows. */
import { stringify } from "yaml";
import { OFFERED } from "./offered-settings.ts";
import type { PackageFacts } from "./package.ts";

export function smitheryYaml({ name }: PackageFacts): string {
  const properties = OFFERED.map(({ key, label, doc, kind, choices, fallback }) => [
    key,
    {
      type: kind === "boolean" ? "boolean" : "string",
      title: label,
      description: doc,
      ...(choices.length > 0 && { enum: choices }),
      ...(fallback !== undefined && { default: kind === "boolean" ? fallback === "true" : fallback }),
    },
  ]);
  const document = {
    startCommand: {
      type: "stdio",
      configSchema: {
        type: "object",
        required: OFFERED.filter(({ required }) => required).map(({ key }) => key),
        properties: Object.fromEntries(properties),
      },
      commandFunction: commandFunction(name),
      exampleConfig: { api_key: "your-portkey-api-key", read_only: true },
    },
  };
  return `# Written by \`npm run release:files\`. Do not edit.\n${stringify(document, { lineWidth: 0 })}`;
}

/** JavaScript, as Smithery evaluates it: a form's data to a command. What is not given stays out of the environment. */
function commandFunction(name: string): string {
  const pairs = OFFERED.map(({ key, name: variable }) => `      ['${variable}', config.${key}],`).join("\n");
  return `(config) => ({
  command: 'npx',
  args: ['-y', '${name}'],
  env: Object.fromEntries(
    [
${pairs}
    ].filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => [name, String(value)]),
  ),
})
`;
}
