/** The type of a rule about a part of a gateway config, and helpers that several rules use. */
import type { Json } from "../../catalog/json.ts";
import { asObject, asText } from "../values/portkey-values.ts";
import type { PartKind } from "./config-parts.ts";

export interface Rule {
  readonly about: PartKind;
  /** The member that the finding is about; "" for the part itself. */
  readonly member: string;
  /** The rule as a sentence, for authors of configs. */
  readonly says: string;
  /** The finding, to follow the path, where the part breaks the rule; false otherwise. */
  readonly broken: (part: Json, target: Json) => string | false;
  /** Whether a config that breaks the rule cannot work at all. */
  readonly error?: true;
}

export function strategyMode(target: Json): string {
  return asText(asObject(target["strategy"])["mode"]) ?? "";
}

export function innerTargets(target: Json): readonly unknown[] {
  return asList(target["targets"]);
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
