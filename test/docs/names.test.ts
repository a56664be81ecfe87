/**
 * Whatever the pages name is there: settings, flags, commands, scripts, files; and their examples can be read.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import manifest from "../../generated/portkey/manifest.json" with { type: "json" };
import metadata from "../../package.json" with { type: "json" };
import { createPolicy } from "../../src/catalog/create-policy.ts";
import type { PolicySubject } from "../../src/catalog/policy.ts";
import { FLAGS } from "../../src/cli/flags.ts";
import { COMMANDS } from "../../src/cli/main.ts";
import { HTTP_SETTINGS } from "../../src/config/http-settings.ts";
import type { SettingTable } from "../../src/config/setting.ts";
import { SETTINGS } from "../../src/config/settings.ts";
import { readPolicyFile } from "../../src/http/policy/policy-file.ts";
import { BLOCKS, blocksFor, PAGES, ROOT } from "./pages.ts";

const table: SettingTable = { ...SETTINGS, ...HTTP_SETTINGS };
const settings = new Set(
  Object.entries(table).flatMap(([name, { also = [], file }]) =>
    [name, ...also].flatMap((one) => (file ? [one, `${one}_FILE`] : [one])),
  ),
);
/** Of the smoke test, and of examples that a policy file refers to. */
const foreign = /^MCP_TEST_|^PORTKEY_DEV_API_KEY$/;

/** What those who come from 0.12 look for. */
const GONE =
  /^CLERK_(ALLOWED_|REQUIRED_)|^MCP_EVENT_STORE_COMMAND_TIMEOUT_MS$|^RATE_LIMIT_(MAX_BUCKETS|REDIS_|SINGLE_)/;

/** Where a block cannot be read as JSON, and why; none where it can. */
function jsonFault({ line, text }: { readonly line: number; readonly text: string }): string[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [`line ${line}: ${String(error)}`];
  }
}

describe.each(PAGES.map((page) => [page.path, page] as const))("%s", (path, { text }) => {
  test("names settings that there are", () => {
    const named = text.match(/\b(PORTKEY|PRISMA_AIRS|MCP|CLERK|RATE_LIMIT)_[A-Z_]+[A-Z]\b/g) ?? [];
    const unknown = [...new Set(named)].filter(
      (name) => !settings.has(name) && !foreign.test(name) && !(path.endsWith("migration.md") && GONE.test(name)),
    );
    expect(unknown).toEqual([]);
  });

  test("names this package's own commands and flags", () => {
    const calls = [...text.matchAll(/npx (?:-y )?portkey-admin-mcp(?! ?`)((?: [\w-]+)*)/g)].map(([, words = ""]) =>
      words.trim().split(" ").filter(Boolean),
    );
    const wrong = calls
      .flat()
      .filter(
        (word) =>
          !(word.startsWith("--")
            ? word.slice(2) in FLAGS
            : word in COMMANDS || Object.values(COMMANDS).some(({ words }) => words?.includes(word))),
      );
    expect(wrong).toEqual([]);
    const flags = [...text.matchAll(/`--([a-z-]+)(?: [a-z]+)?`/g)].map(([, name]) => name as string);
    expect(flags.filter((name) => !(name in FLAGS) && !["json", "keep-prose", "check"].includes(name))).toEqual([]);
  });

  test("names scripts that package.json has", () => {
    const named = [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name as string);
    expect(named.filter((name) => !(name in metadata.scripts))).toEqual([]);
  });

  test("links to files that are there", () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link]) => link as string);
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(path), link)))).toEqual([]);
    const files = [...text.matchAll(/`((?:scripts|openapi|docs|generated|\.github)\/[\w./-]+)`/g)].map(
      ([, file]) => file as string,
    );
    expect(
      files.filter(
        (file) =>
          !existsSync(join(ROOT, file)) &&
          !["openapi/portkey/CHANGELOG.md", "openapi/portkey/moves.yaml"].includes(file),
      ),
    ).toEqual([]);
  });

  test("has JSON that can be read", () => {
    const blocks = BLOCKS.filter((one) => one.page === path && one.language === "json");
    expect(blocks.flatMap(jsonFault)).toEqual([]);
  });

  test("has no dash that nobody types", () => {
    expect(text).not.toMatch(/[\u2013\u2014]/);
  });
});

describe("examples of policy files have no mistake", () => {
  const read = (text: string, credentials: "server" | "policy") =>
    readPolicyFile(
      { path: "policy.yaml", text },
      { policy: createPolicy(), records: manifest as unknown as PolicySubject[], credentials, readSecret: () => "pk" },
    );

  const policies = BLOCKS.filter(({ language, text }) => language === "yaml" && text.startsWith("version: 1")).map(
    (block) => [`${block.page}, line ${block.line}`, block.text] as const,
  );

  test.each(policies)("%s", (_name, text) => {
    expect(read(text, text.includes("keys:") ? "policy" : "server").rules.length).toBeGreaterThan(0);
  });
});

test.each(blocksFor("yaml", "curation"))(
  "a curation example has the fields that curation has (%s)",
  (_name, { text }) => {
    const known = ["name", "title", "description", "scopes", "key", "keywords", "aliases", "risk", "idempotent"];
    const fields = Object.values(parse(text) as Record<string, object>).flatMap((row) => Object.keys(row));
    expect(fields.filter((field) => !known.includes(field))).toEqual([]);
  },
);
