/** The form of a rule about a part of a gateway config, and what several rules read. */
import type { Json } from "../../catalog/json.ts";
import { membersOf, textOf } from "../values/portkey-values.ts";
import type { PartKind } from "./config-parts.ts";

export interface Rule {
  readonly about: PartKind;
  /** The member that the sentence is about; "" for the part itself. */
  readonly member: string;
  /** The rule itself, for whoever writes a config. */
  readonly says: string;
  /** What to say after the path, where the part breaks the rule. */
  readonly broken: (part: Json, target: Json) => string | false;
  /** It cannot work at all. */
  readonly error?: true;
}

export function modeOf(target: Json): string {
  return textOf(membersOf(target["strategy"])["mode"]) ?? "";
}

export function targetsOf(target: Json): readonly unknown[] {
  return listOf(target["targets"]);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
