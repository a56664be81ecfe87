/** The Helm chart, rendered by Go's own template engine where Go and sprig are installed. */
import { Ajv } from "ajv";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, parseAllDocuments } from "yaml";

export type Json = Record<string, unknown>;

export const CHART = fileURLToPath(new URL("../../scripts/helm/portkey-admin-mcp", import.meta.url));
export const MANIFESTS = fileURLToPath(new URL("../../scripts/helm/manifests.yaml", import.meta.url));
/** Where Debian's packages put Go's libraries. */
const LIBRARIES = "/usr/share/gocode";

/** What the plain manifests are rendered with. */
export const PLAIN: Json = { redis: { url: "redis://redis:6379" } };

/** Why the chart cannot be rendered here; undefined: it can. */
export function whyNotRendered(): string | undefined {
  if (spawnSync("go", ["version"]).status !== 0) return "golang-go is not installed";
  for (const library of ["github.com/Masterminds/sprig", "gopkg.in/yaml.v3"])
    if (!existsSync(join(LIBRARIES, "src", library))) return `Go's ${library} is not installed`;
  return undefined;
}

let renderer: string | undefined;

function compiled(): string {
  if (renderer !== undefined) return renderer;
  const folder = mkdtempSync(join(tmpdir(), "render-"));
  const source = fileURLToPath(new URL("render.go", import.meta.url));
  const env = { ...process.env, GO111MODULE: "off", GOPATH: LIBRARIES, GOCACHE: join(tmpdir(), "go-cache") };
  execFileSync("go", ["build", "-o", join(folder, "render"), source], { env });
  return (renderer = join(folder, "render"));
}

/** The text of the manifests; throws what the chart says where it refuses the values. */
export function renderText(values: Json = {}): string {
  const problems = valueProblems(values);
  if (problems !== undefined) throw new Error(problems);
  const input = JSON.stringify({ values, release: "portkey-admin-mcp", namespace: "mcp" });
  const { status, stdout, stderr } = spawnSync(compiled(), [CHART], { input, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** The chart's manifests with these values. */
export function render(values: Json = {}): Json[] {
  return parseDocuments(renderText(values));
}

/** The documents of a YAML text; throws for the first mistake in it. */
export function parseDocuments(text: string): Json[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS() as Json;
  });
}

/** What values.schema.json has against them, laid over the chart's own as Helm does. */
export function valueProblems(values: Json): string | undefined {
  const own = parse(readFileSync(join(CHART, "values.yaml"), "utf8")) as Json;
  const schema = JSON.parse(readFileSync(join(CHART, "values.schema.json"), "utf8")) as Json;
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
  return ajv.validate(schema, merged(own, values)) ? undefined : ajv.errorsText();
}

function merged(under: Json, over: Json): Json {
  const isMap = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = Object.entries(over).map(([name, value]) => {
    const below = under[name];
    return [name, isMap(below) && isMap(value) ? merged(below, value) : value] as const;
  });
  return { ...under, ...Object.fromEntries(entries) };
}

/** The one document of a kind. */
export function ofKind(all: readonly Json[], kind: string): Json | undefined {
  return all.find((one) => one["kind"] === kind);
}
