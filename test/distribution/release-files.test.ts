/** What registries and installers are told: made from package.json and the settings, and true of them. */
import { McpbManifestSchema } from "@anthropic-ai/mcpb/schemas/0.3";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import metadata from "../../package.json" with { type: "json" };
import { RELEASE_FILES, staleFiles } from "../../scripts/release-files.ts";
import { mcpbManifest } from "../../scripts/release/mcpb-manifest.ts";
import { PACKAGE } from "../../scripts/release/package.ts";
import { DESCRIPTION_LIMIT } from "../../scripts/release/server-json.ts";
import { STDIO_GUIDES } from "../../scripts/release/stdio-guides.ts";
import { readSettings } from "../../src/config/read-settings.ts";
import { SETTINGS } from "../../src/config/settings.ts";

type Json = Record<string, unknown>;

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("the release's files are what the tables say; else run: npm run release:files", () => {
  expect(staleFiles()).toEqual([]);
});

/** What a client would put into the environment must be read without a mistake. */
function mistakesIn(env: Readonly<Record<string, string>>): string[] {
  const mistakes: string[] = [];
  readSettings(SETTINGS, { env, flags: {} }, mistakes);
  return mistakes;
}

describe("server.json", () => {
  const server = JSON.parse(read("server.json")) as Json & {
    packages: (Json & { environmentVariables: { name: string; default?: string; isSecret?: boolean }[] })[];
  };
  const [npm] = server.packages;

  test("is this package, in the version it has", () => {
    expect(server).toMatchObject({ name: metadata.mcpName, version: metadata.version });
    expect(npm).toMatchObject({
      registryType: "npm",
      identifier: metadata.name,
      version: metadata.version,
      transport: { type: "stdio" },
    });
  });

  test("keeps to the registry's limits", () => {
    expect(server["name"]).toMatch(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/);
    expect(String(server["description"]).length).toBeLessThanOrEqual(DESCRIPTION_LIMIT);
    expect(String(server["$schema"])).toMatch(
      /^https:\/\/static\.modelcontextprotocol\.io\/schemas\/\d{4}-\d{2}-\d{2}\/server\.schema\.json$/,
    );
  });

  test("names settings that there are, with defaults that they take, and keys as secrets", () => {
    const variables = npm?.environmentVariables ?? [];
    expect(variables.map(({ name }) => name).filter((name) => !(name in SETTINGS))).toEqual([]);
    expect(
      mistakesIn(
        Object.fromEntries(
          variables.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]])),
        ),
      ),
    ).toEqual([]);
    expect(variables.filter(({ isSecret }) => isSecret).map(({ name }) => name)).toEqual([
      "PORTKEY_API_KEY",
      "PORTKEY_ADMIN_API_KEY",
    ]);
  });
});

describe("the .mcpb bundle's manifest", () => {
  const manifest = mcpbManifest(PACKAGE);

  test("fits its schema", () => {
    expect(McpbManifestSchema.safeParse(manifest).error).toBeUndefined();
  });

  test("a form left as it is gives settings that work", () => {
    const options = manifest.user_config as Record<string, { default?: unknown }>;
    const filled = Object.entries(manifest.server.mcp_config.env).map(([name, placeholder]) => {
      const key = /^\$\{user_config\.(\w+)\}$/.exec(placeholder)?.[1] ?? "";
      return [name, key === "api_key" ? "pk-test" : String(options[key]?.default)];
    });
    expect(filled.map(([, value]) => value)).not.toContain("undefined");
    expect(mistakesIn(Object.fromEntries(filled) as Record<string, string>)).toEqual([]);
  });
});

describe("smithery.yaml", () => {
  const { startCommand } = parse(read("smithery.yaml")) as {
    startCommand: {
      commandFunction: string;
      exampleConfig: Json;
      configSchema: { properties: Json; required: string[] };
    };
  };
  // Smithery evaluates this text itself.
  const commandFor = new Function(`return ${startCommand.commandFunction}`)() as (config: Json) => {
    command: string;
    args: string[];
    env: Record<string, string>;
  };

  test("turns its form into a command with settings that work", () => {
    const { command, args, env } = commandFor(startCommand.exampleConfig);
    expect({ command, args, env }).toEqual({
      command: "npx",
      args: ["-y", metadata.name],
      env: { PORTKEY_API_KEY: "your-portkey-api-key", PORTKEY_READ_ONLY: "true" },
    });
    // The form's example is no key; whoever fills it in gets settings that work.
    expect(mistakesIn({ ...env, PORTKEY_API_KEY: "pk-of-somebody" })).toEqual([]);
  });

  test("its example is one that its own form takes", () => {
    expect(
      Object.keys(startCommand.exampleConfig).filter((key) => !(key in startCommand.configSchema.properties)),
    ).toEqual([]);
    expect(Object.keys(startCommand.exampleConfig)).toEqual(expect.arrayContaining(startCommand.configSchema.required));
  });
});

describe("one-click links", () => {
  const links = STDIO_GUIDES.flatMap(({ id, link }) => (link === undefined ? [] : [[id, new URL(link.href)] as const]));

  test("there are those for Cursor and VS Code", () => {
    expect(links.map(([id]) => id)).toEqual(["cursor", "vs-code"]);
  });

  test.each(links)("%s starts this package and holds no key", (id, { searchParams }) => {
    const text = searchParams.get("config") ?? "";
    const config = JSON.parse(id === "cursor" ? Buffer.from(text, "base64").toString() : text) as Json;
    expect(searchParams.get("name")).toBe("portkey");
    expect(config).toMatchObject({ command: "npx", args: ["-y", metadata.name] });
    expect((config["env"] as Json)["PORTKEY_API_KEY"]).toMatch(/^(<.+>|\$\{input:portkey_api_key\})$/);
  });
});

test.each(Object.keys(RELEASE_FILES))("%s, which the release makes, is one of the repository's", (path) => {
  expect(read(path).length).toBeGreaterThan(100);
});
