import { expect, test } from "vitest";
import type { ClientRow } from "../../scripts/clients/client.ts";
import { report } from "../../scripts/clients/report.ts";
import { outcomesOf, type Attempt } from "../../scripts/clients/try-client.ts";

const client = (name: string, more: Partial<ClientRow> = {}): ClientRow => ({
  name,
  packages: [`${name}@1`],
  connect: () => Promise.reject(new Error()),
  ...more,
});
const ok = { kind: "ok" } as const;
const none = (reason: string) => ({ kind: "none", reason }) as const;
const failed = (reason: string) => ({ kind: "failed", reason }) as const;
const all = { list: ok, call: ok, large: ok, error: ok, cancel: ok } as const;

test("the table has a row for each client and transport, and the reasons stand below", () => {
  const attempts: Attempt[] = [
    {
      client: client("one", { note: "by its time limit" }),
      transport: "stdio",
      outcomes: { ...all, cancel: none("it has no way") },
      documented: ok,
    },
    {
      client: client("one", { note: "by its time limit" }),
      transport: "http",
      outcomes: { ...all, large: failed("cut") },
    },
    {
      client: client("two"),
      transport: "stdio",
      outcomes: {
        list: none("HTTP only"),
        call: none("HTTP only"),
        large: none("HTTP only"),
        error: none("HTTP only"),
        cancel: none("HTTP only"),
      },
    },
  ];
  expect(report(attempts, new Map([["one", "1.2.3"]]))).toBe(
    [
      "| client | version | over | lists | calls | large answer | error | cancels | documented command |",
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
      "| one | 1.2.3 | stdio | ok | ok | ok | ok | not possible | ok |",
      "| one | 1.2.3 | http | ok | ok | FAILED | ok | ok |  |",
      "",
      "- one, cancels over stdio: not possible: it has no way",
      "- one, large answer over http: FAILED: cut",
      "- two, stdio: not possible: HTTP only",
      "- one: by its time limit",
      "",
    ].join("\n"),
  );
});

test("a documented command that fails is an outcome like any other", () => {
  const attempt: Attempt = { client: client("one"), transport: "stdio", outcomes: all, documented: failed("exit 1") };
  expect(outcomesOf(attempt)).toContainEqual(failed("exit 1"));
  expect(report([attempt], new Map())).toContain("- one, documented command over stdio: FAILED: exit 1");
});
