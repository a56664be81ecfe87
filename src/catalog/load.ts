/**
 * The generated catalogue of this build. JSON modules, so that a bundle carries them along.
 */
import listed from "../../generated/portkey/catalogue.json" with { type: "json" };
import manifest from "../../generated/portkey/manifest.json" with { type: "json" };
import type { Catalogue, ListedTool } from "./lookup.ts";
import { createCatalogue } from "./lookup.ts";
import type { JsonSchema, ToolRecord } from "./record.ts";

/** Every tool of this build; a new object on each call. */
export function loadCatalogue(): Catalogue {
  return createCatalogue(manifest as unknown as ToolRecord[], listed as unknown as ListedTool[]);
}

/** The full JSON Schema of each tool's arguments, by tool name; read when first asked for. */
export async function loadSchemas(): Promise<Readonly<Record<string, JsonSchema>>> {
  const { default: schemas } = await import("../../generated/portkey/schemas.json", { with: { type: "json" } });
  return schemas as unknown as Record<string, JsonSchema>;
}

/** What a tool answers: an outline of its fields, and the paths of those that others write. */
export interface ToolAnswer {
  readonly fields: string;
  readonly untrusted?: readonly string[];
}

/** By tool name, as far as it is declared; read when first asked for. */
export async function loadAnswers(): Promise<Readonly<Record<string, ToolAnswer>>> {
  const { default: answers } = await import("../../generated/portkey/answers.json", { with: { type: "json" } });
  return answers as unknown as Record<string, ToolAnswer>;
}

/**
 * The JSON Schema of each guardrail check's parameters, by the check's id; `every` holds what all of them take. A check
 * whose schema has no properties takes what is not known here.
 */
export async function loadGuardrailChecks(): Promise<Readonly<Record<string, JsonSchema>>> {
  const { default: checks } = await import("../../generated/portkey/guardrail-checks.json", { with: { type: "json" } });
  return checks as unknown as Record<string, JsonSchema>;
}
