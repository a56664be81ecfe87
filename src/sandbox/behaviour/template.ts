/**
 * Renders prompt templates with `{{variable}}` and `{{> partial}}`, and reads them as chat messages.
 * Mustache's sections, loops and lambdas are not supported.
 */
import { isObject } from "../../catalog/json.ts";
import { ownEntry, type Json } from "../json.ts";

export interface Message extends Json {
  readonly role: string;
  readonly content: unknown;
}

const deepestPartial = 5;

type Partials = (name: string) => string | undefined;

/** The text with partials and variables inserted. A name without a value becomes empty, as in Mustache. */
export function renderTemplate(text: string, variables: Json, partial: Partials): string {
  return insertPartials(text, partial, deepestPartial).replace(
    /\{\{\{?\s*([^{}>#/^!\s]+)\s*\}?\}\}/g,
    (_tag, name: string) => asText(findVariable(variables, name)),
  );
}

function insertPartials(text: string, partial: Partials, depth: number): string {
  return text.replace(/\{\{>\s*([^}\s]+)\s*\}\}/g, (_tag, name: string) =>
    depth === 0 ? "" : insertPartials(partial(name) ?? "", partial, depth - 1),
  );
}

/** A template as messages: those of a JSON list, or the plain text as a message of the user. */
export function toMessages(template: string, fill: (text: string) => string): Message[] {
  const list = parseMessages(template);
  if (!list) return [{ role: "user", content: fill(template) }];
  return list.map((message) => ({ ...message, content: renderDeep(message.content, fill) }));
}

/** The content of the last message, as text. */
export function lastMessageText(messages: readonly Message[]): string {
  const content = messages.at(-1)?.content;
  if (typeof content === "string") return content;
  return Array.isArray(content)
    ? content.map((part) => (isObject(part) && typeof part["text"] === "string" ? part["text"] : "")).join(" ")
    : "";
}

function parseMessages(template: string): Message[] | undefined {
  if (!template.trimStart().startsWith("[")) return undefined;
  try {
    const list: unknown = JSON.parse(template);
    return Array.isArray(list) && list.every((entry) => isObject(entry) && typeof entry["role"] === "string")
      ? (list as Message[])
      : undefined;
  } catch {
    return undefined;
  }
}

function renderDeep(value: unknown, fill: (text: string) => string): unknown {
  if (typeof value === "string") return fill(value);
  if (Array.isArray(value)) return value.map((entry) => renderDeep(entry, fill));
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, name === "type" ? inner : renderDeep(inner, fill)]),
      )
    : value;
}

function findVariable(variables: Json, path: string): unknown {
  if (Object.hasOwn(variables, path)) return variables[path];
  return path
    .split(".")
    .reduce<unknown>((value, name) => (isObject(value) ? ownEntry(value, name) : undefined), variables);
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
