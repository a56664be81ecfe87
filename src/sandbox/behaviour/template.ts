/**
 * Prompt templates: `{{variable}}` and `{{> partial}}`, and a template's text as chat messages.
 * Sections, loops and lambdas of Mustache are not part of it.
 */
import { isObject } from "../../catalog/json.ts";
import { entryOf, type Json } from "../json.ts";

export interface Message extends Json {
  readonly role: string;
  readonly content: unknown;
}

const deepestPartial = 5;

type Partials = (name: string) => string | undefined;

/** The text with its partials and variables filled in. A name that has no value becomes nothing, as in Mustache. */
export function renderTemplate(text: string, variables: Json, partial: Partials): string {
  return withPartials(text, partial, deepestPartial).replace(
    /\{\{\{?\s*([^{}>#/^!\s]+)\s*\}?\}\}/g,
    (_tag, name: string) => asText(valueAt(variables, name)),
  );
}

function withPartials(text: string, partial: Partials, depth: number): string {
  return text.replace(/\{\{>\s*([^}\s]+)\s*\}\}/g, (_tag, name: string) =>
    depth === 0 ? "" : withPartials(partial(name) ?? "", partial, depth - 1),
  );
}

/** A template as messages: JSON text of a list of messages, or plain text that the user says. */
export function messagesOf(template: string, fill: (text: string) => string): Message[] {
  const list = parsedMessages(template);
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

function parsedMessages(template: string): Message[] | undefined {
  if (!template.trimStart().startsWith("[")) return undefined;
  try {
    const list: unknown = JSON.parse(template);
    return Array.isArray(list) && list.every((each) => isObject(each) && typeof each["role"] === "string")
      ? (list as Message[])
      : undefined;
  } catch {
    return undefined;
  }
}

function renderDeep(value: unknown, fill: (text: string) => string): unknown {
  if (typeof value === "string") return fill(value);
  if (Array.isArray(value)) return value.map((each) => renderDeep(each, fill));
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, name === "type" ? inner : renderDeep(inner, fill)]),
      )
    : value;
}

function valueAt(variables: Json, path: string): unknown {
  if (Object.hasOwn(variables, path)) return variables[path];
  return path
    .split(".")
    .reduce<unknown>((value, name) => (isObject(value) ? entryOf(value, name) : undefined), variables);
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
