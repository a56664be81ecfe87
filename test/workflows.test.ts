/** The workflows run nothing that others could change under them, and no step may do more than it must. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const folder = new URL("../.github/workflows/", import.meta.url);
const workflows = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), "utf8")] as const);

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
}

describe.each(workflows)("%s", (_name, text) => {
  test("names each action by its digest, with its version beside it", () => {
    const named = text.match(/(?<=uses: ).+/g) ?? [];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((action) => !/^[\w./-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
  });

  test("may only read, where a job does not ask for more", () => {
    const { permissions } = parse(text) as Workflow;
    expect(permissions).toBeDefined();
    expect(Object.values(permissions ?? {}).filter((may) => may !== "read")).toEqual([]);
  });
});
