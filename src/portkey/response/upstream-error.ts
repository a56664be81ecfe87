/**
 * Reads the body of an error status, from Portkey or a proxy before it: `{success: false, data: {message, errorCode}}`,
 * `{error: {message, code, type, param}}`, similar shapes, plain text, or an HTML page.
 */
import { cut } from "../../errors/cut.ts";
import { isObject } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { opensDeeper } from "../../errors/nesting.ts";

export interface UpstreamError {
  /** The sender's message; untrusted and of any length. */
  readonly message?: string;
  /** AB01 to AB09, or the code of the other shape. */
  readonly errorCode?: string;
  readonly param?: string;
  /** Whether the body is a web page, so that it is not from Portkey's API. */
  readonly html: boolean;
}

/** Characters of a page that are searched for its title. */
const PAGE_HEAD = 20_000;

/** Reads an error's body. Does not throw. */
export function readUpstreamError(text: string): UpstreamError {
  if (isHtml(text)) {
    const title = pageTitle(text);
    return { html: true, ...(title !== "" && { message: title }) };
  }
  const body = parseJson(text);
  if (body === undefined) {
    const message = text.trim();
    return { html: false, ...(message !== "" && { message }) };
  }
  const holders = isObject(body) ? [body["data"], body["error"], body] : [body];
  const message = holders.map(readMessage).find((candidate) => candidate !== undefined) ?? text.trim();
  return {
    html: false,
    message,
    ...pick(holders, ["errorCode", "error_code", "code"], "errorCode"),
    ...pick(holders, ["param"], "param"),
  };
}

/** The text of a web page's title; empty where it has none. */
function pageTitle(page: string): string {
  const begin = cut(page, 0, PAGE_HEAD);
  const name = begin.toLowerCase().indexOf("<title");
  const start = name === -1 ? -1 : begin.indexOf(">", name);
  const end = start === -1 ? -1 : begin.indexOf("<", start);
  return end === -1 ? "" : begin.slice(start + 1, end).trim();
}

/** Whether a text is a web page. */
export function isHtml(text: string): boolean {
  return /^\s*(?:<!doctype html|<html[\s>]|<head[\s>]|<body[\s>])/i.test(text.slice(0, 1000));
}

/** The value of a JSON text, also behind a byte-order mark; undefined where it is no JSON, or obviously too deep. */
export function parseJson(text: string): unknown {
  if (opensDeeper(text, BOUNDS.depth)) return undefined;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch {
    return undefined;
  }
}

function readMessage(holder: unknown): string | undefined {
  if (typeof holder === "string" && holder !== "") return holder;
  if (!isObject(holder)) return undefined;
  const message = holder["message"] ?? holder["error_description"] ?? holder["detail"];
  return typeof message === "string" && message !== "" ? message : undefined;
}

function pick<Name extends string>(
  holders: readonly unknown[],
  names: readonly string[],
  as: Name,
): { [key in Name]?: string } {
  for (const holder of holders) {
    for (const name of names) {
      const value = isObject(holder) ? holder[name] : undefined;
      if (typeof value === "string" && value !== "") return { [as]: value } as { [key in Name]: string };
    }
  }
  return {};
}
