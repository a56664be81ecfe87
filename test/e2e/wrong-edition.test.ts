/** A server started with what belongs to another edition: it ends at once, with 2, and says why in one line. */
import { expect, test } from "vitest";
import { useBuiltServer } from "./built-server.ts";

const server = useBuiltServer();
const KEY = { PORTKEY_API_KEY: "pk-not-to-be-shown" };
const ACCOUNT = {
  PRISMA_AIRS_CLIENT_ID: "someone@1.iam.example",
  PRISMA_AIRS_CLIENT_SECRET: "secret-not-to-be-shown",
  PRISMA_AIRS_TSG_ID: "1000000001",
};
const [AIRS, PORTKEY] = [{ PORTKEY_EDITION: "airs" }, { PORTKEY_EDITION: "portkey" }];
const PARTS = Object.keys(ACCOUNT).join(", ");

interface Start {
  readonly what: string;
  readonly env: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly says: string;
}

const STARTS: readonly Start[] = [
  {
    what: "a key, and the edition airs",
    env: { ...AIRS, ...KEY },
    says:
      "PORTKEY_API_KEY belongs to the edition portkey, and PORTKEY_EDITION is airs. " +
      "Remove it, or set PORTKEY_EDITION=portkey.",
  },
  {
    what: "a key, and --edition airs",
    env: KEY,
    args: ["--edition", "airs"],
    says:
      "PORTKEY_API_KEY belongs to the edition portkey, and --edition is airs. Remove it, or " +
      "give --edition portkey.",
  },
  {
    what: "a service account, and the edition portkey",
    env: { ...PORTKEY, ...ACCOUNT },
    says:
      `${PARTS} belong to the edition airs, and PORTKEY_EDITION is portkey. Remove them, or set ` +
      "PORTKEY_EDITION=airs.",
  },
  {
    what: "a service account, and no edition",
    env: ACCOUNT,
    says: `${PARTS} belong to the edition airs, and the edition is portkey. Remove them, or set PORTKEY_EDITION=airs.`,
  },
  {
    what: "a service account, the edition airs, and --edition portkey, which goes before it",
    env: { ...AIRS, ...ACCOUNT },
    args: ["--edition", "portkey"],
    says: `${PARTS} belong to the edition airs, and --edition is portkey. Remove them, or give --edition airs.`,
  },
  {
    what: "both a key and a service account",
    env: { ...AIRS, ...ACCOUNT, ...KEY },
    says:
      "PORTKEY_API_KEY belongs to the edition portkey, and PORTKEY_EDITION is airs. " +
      "Remove it, or set PORTKEY_EDITION=portkey.",
  },
  {
    what: "half a service account",
    env: { ...AIRS, ...ACCOUNT, PRISMA_AIRS_CLIENT_SECRET: "" },
    says:
      "The edition is airs, and PRISMA_AIRS_CLIENT_SECRET is not set. " +
      "It needs a service account of the tenant, or --sandbox, which needs none.",
  },
  {
    what: "an edition that there is not",
    env: { ...KEY, PORTKEY_EDITION: "prisma" },
    says: 'PORTKEY_EDITION is "prisma". Use one of: airs, portkey.',
  },
  {
    what: "an edition that there is not, as a flag",
    env: KEY,
    args: ["--edition", "prisma"],
    says: '--edition is "prisma". Use one of: airs, portkey.',
  },
];

async function expectRefused(args: readonly string[], { env, says }: Start): Promise<void> {
  const { code, stdout, stderr } = await server.start(args, env).end();
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: `portkey-admin-mcp: ${says}\n` });
}

test.each(STARTS)("$what", (start) => expectRefused(start.args ?? [], start));

// Both ways read the same settings; what each does with a mistake is its own.
test.each(STARTS.slice(0, 2))("over HTTP: $what", (start) =>
  expectRefused(["http", "--port", "0", ...(start.args ?? [])], start),
);

test("--edition goes before the variable where the settings fit it", async () => {
  const running = server.start(["--edition", "portkey"], { ...AIRS, ...KEY });
  expect(await running.end()).toMatchObject({ code: 0, stderr: expect.not.stringContaining("edition") as string });
});
