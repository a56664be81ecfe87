/** What keeps the HTTP server from starting: the start and doctor say the same of it, by the setting's name. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadCatalogue } from "../main-catalogue.ts";
import { examineHttp } from "../../src/cli/doctor/http-server.ts";
import { certificateFaults, checkTls } from "../../src/config/tls.ts";
import { loadBoth, readBoth } from "../../src/cli/reload/load-both.ts";
import { readSecret } from "../../src/config/read-secret.ts";
import { makeTlsFiles, signedBy, type TlsFiles } from "../e2e/tls-files.ts";
import { startApp } from "../http/start-app.ts";
import { listen } from "../listen.ts";

type Env = Readonly<Record<string, string>>;

const catalogue = loadCatalogue();
let folder = "";
let tls: TlsFiles;
let other: TlsFiles;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "doctor-"));
  tls = makeTlsFiles(["localhost"], 30);
  other = makeTlsFiles(["localhost"], 30);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  tls.remove();
  other.remove();
});

const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const read = (...paths: readonly string[]) => paths.map((path) => readFileSync(path, "utf8")).join("");
const policy = (text: string) => ({ MCP_POLICY_FILE: file("policy.yaml", text) });
const pair = (key: string, cert: string) => ({ MCP_TLS_KEY_PATH: key, MCP_TLS_CERT_PATH: cert });

/** The lines that the start ends with; none where it starts. */
async function startSays(env: Env): Promise<string[]> {
  try {
    const { http, configured } = loadBoth({ env, flags: {} }, catalogue, true);
    const server = await startApp(http, {
      policy: configured.policy,
      records: catalogue.records,
      readSecret: (reference) => readSecret(reference, env),
    });
    await server.stop();
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
}

/** What doctor finds wrong. */
async function doctorSays(env: Env): Promise<string[]> {
  const { http, configured, mistakes } = readBoth({ env, flags: {} }, catalogue, true);
  const { records } = catalogue;
  const found = http === undefined ? [] : await examineHttp({ http, configured, records, env });
  return [...mistakes.lines, ...found.filter(({ level }) => level === "wrong").map(({ text }) => text)];
}

const RULES = "rules: [{ name: all, match: anyone }]";
const broken: readonly [title: string, env: () => Env, want: RegExp][] = [
  [
    "a policy file that is no YAML",
    () => policy("version: 1\nrules: }"),
    /^MCP_POLICY_FILE: .*policy\.yaml, line 2: Unexpected/,
  ],
  [
    "a policy file with an unknown key",
    () => policy(`version: 1\n${RULES}\nread_onyl: true`),
    /^MCP_POLICY_FILE: .*, line 3: read_onyl: is unknown here/,
  ],
  [
    "a policy file with an unknown domain",
    () => policy("version: 1\nrules: [{ name: all, match: anyone, domains: [promts] }]"),
    /^MCP_POLICY_FILE: .*, line 2: rules\[0\]\.domains: "promts" is not a domain\. Did you mean "prompts"/,
  ],
  ["a policy file that is a folder", () => ({ MCP_POLICY_FILE: folder }), /^MCP_POLICY_FILE: cannot read .*EISDIR/],
  [
    "a map of scopes in a mode without scopes",
    () => ({ MCP_SCOPE_MAP: "reader=portkey:read" }),
    /^MCP_SCOPE_MAP is not used while MCP_AUTH_MODE is none/,
  ],
  ["a key of another certificate", () => pair(other.key, tls.cert), /^MCP_TLS_KEY_PATH: it is not the key of/],
  ["a key where the certificate belongs", () => pair(tls.key, tls.key), /^MCP_TLS_CERT_PATH: the file holds a key/],
  ["a certificate where the key belongs", () => pair(tls.cert, tls.cert), /^MCP_TLS_KEY_PATH: .*a certificate, not/],
  ["a key that is none", () => pair(file("text.pem", "hello"), tls.cert), /^MCP_TLS_KEY_PATH: .*no private key in PEM/],
  [
    "a chain in the wrong order",
    () => pair(tls.key, file("chain.pem", read(other.cert, tls.cert))),
    /^MCP_TLS_CERT_PATH: the server's own certificate is number 2 of the file\. Put it first/,
  ],
  [
    "a chain that is damaged",
    () => pair(tls.key, file("torn.pem", read(tls.cert) + read(other.cert).replace(/MII[\w+/]{9}/, ""))),
    /^MCP_TLS_CERT_PATH: certificate 2 of the file cannot be read/,
  ],
  [
    "authorities that are none",
    () => ({ ...pair(tls.key, tls.cert), MCP_TLS_CA_PATH: file("ca.pem", "") }),
    /^MCP_TLS_CA_PATH: the file holds no certificate in PEM/,
  ],
  [
    "an audit in a folder that is not there",
    () => ({ MCP_AUDIT_LOG: join(folder, "no", "audit.jsonl") }),
    /^MCP_AUDIT_LOG: cannot write to ".*audit\.jsonl" \(the folder ".*no" is not there\)/,
  ],
  ["an audit that is a folder", () => ({ MCP_AUDIT_LOG: folder }), /^MCP_AUDIT_LOG: cannot write to .*is a folder/],
  [
    "an audit below a file",
    () => ({ MCP_AUDIT_LOG: join(file("plain", ""), "audit.jsonl") }),
    /^MCP_AUDIT_LOG: cannot write to .*ENOTDIR/,
  ],
  [
    "an audit for a collector that no setting leads to",
    () => ({ MCP_AUDIT_LOG: "otlp", OTEL_SDK_DISABLED: "true" }),
    /^MCP_AUDIT_LOG names otlp/,
  ],
  ["an address of another machine", () => ({ ...OPEN, MCP_HOST: "192.0.2.1" }), /^MCP_HOST and MCP_PORT: 192\.0\.2\.1/],
  ["a host that nobody knows", () => ({ ...OPEN, MCP_HOST: "nowhere.invalid" }), /^MCP_HOST and MCP_PORT: nowhere/],
];
const OPEN = { MCP_ALLOW_UNAUTHENTICATED_HTTP: "true" };

describe("ends the start with one line, which doctor says too", () => {
  test.each(broken)("%s", async (_title, env, want) => {
    const given = { MCP_PORT: "0", MCP_AUDIT_LOG: "off", ...env() };
    expect(await doctorSays(given)).toEqual([expect.stringMatching(want)]);
    expect(await startSays(given)).toEqual(await doctorSays(given));
  });

  test("all of them at once", async () => {
    const env = { ...policy("version: 2"), MCP_AUDIT_LOG: `${folder},${join(folder, "no", "a")}`, MCP_PORT: "0" };
    expect((await startSays(env)).map((line) => line.split(":")[0])).toEqual([
      "MCP_POLICY_FILE",
      "MCP_POLICY_FILE",
      "MCP_AUDIT_LOG",
      "MCP_AUDIT_LOG",
    ]);
  });
});

test.skipIf(process.getuid?.() === 0)("an audit that this user may not write is said, and not made", async () => {
  const path = file("theirs.jsonl", "");
  chmodSync(path, 0o400);
  expect(await doctorSays({ MCP_AUDIT_LOG: path })).toEqual([expect.stringMatching(/EACCES/)]);
});

test("a set-up that starts has nothing wrong, and doctor makes no file", async () => {
  const audit = join(folder, "new.jsonl");
  const env = { ...pair(tls.key, tls.cert), ...policy(`version: 1\n${RULES}`), MCP_AUDIT_LOG: audit, MCP_PORT: "0" };
  expect(await doctorSays(env)).toEqual([]);
  expect(() => readFileSync(audit)).toThrow(/ENOENT/);
  expect(await startSays(env)).toEqual([]);
});

test("a port that is in use is a note: it may be this server's own", async () => {
  const taken = createServer();
  const { port } = await listen(taken);
  const { http, configured } = readBoth({ env: { MCP_PORT: String(port) }, flags: {} }, catalogue, true);
  const { records } = catalogue;
  const found = http && (await examineHttp({ http, configured, records, env: {} }));
  taken.close();
  expect(found).toEqual([
    expect.objectContaining({ level: "note", text: expect.stringContaining("in use by another process") }),
  ]);
});

describe("a certificate's file", () => {
  test("that has expired is served, and wrong in doctor's eyes", () => {
    const config = { key: read(tls.key), cert: read(tls.cert), ca: null };
    const later = Date.now() + 40 * 86_400_000;
    expect(certificateFaults(config)).toEqual([]);
    expect(certificateFaults(config, later)).toEqual([expect.stringMatching(/^MCP_TLS_CERT_PATH: .*expired on/)]);
  });

  test("whose second certificate did not issue the first is told", () => {
    const config = { key: read(tls.key), cert: read(tls.cert, other.cert), ca: null };
    expect(checkTls(config)).toEqual([expect.stringMatching(/^MCP_TLS_CERT_PATH: certificate 2 of the file did not/)]);
  });

  test("whose certificates issued one another is in order", () => {
    const issued = signedBy(tls, ["mcp.example.com"]);
    expect(checkTls({ key: read(issued.key), cert: read(issued.cert, tls.cert), ca: null })).toEqual([]);
    issued.remove();
  });
});
