/**
 * Reads what Portkey, or something in front of it, sent with an error status: `{success: false, data: {message,
 * errorCode}}`, `{error: {message, code, type, param}}`, a few shapes near these, plain text, or a proxy's HTML page.
 */
import { cut } from "../../errors/cut.ts";
import { isObject } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { opensDeeper } from "../../errors/nesting.ts";

export interface UpstreamError {
  /** In the sender's words; untrusted, unclipped. */
  readonly message?: string;
  /** AB01 to AB09, or the code of the other shape. */
  readonly errorCode?: string;
  readonly param?: string;
  /** A web page: not Portkey's API speaking. */
  readonly html: boolean;
}

/** Characters: pages have their title in the beginning. */
const PAGE_HEAD = 20_000;

/** Reads an error's body; never throws. */
export function readUpstreamError(text: string): UpstreamError {
  if (isHtml(text)) {
    const title = titleOf(text);
    return { html: true, ...(title !== "" && { message: title }) };
  }
  const body = parseJson(text);
  if (body === undefined) {
    const message = text.trim();
    return { html: false, ...(message !== "" && { message }) };
  }
  const holders = isObject(body) ? [body["data"], body["error"], body] : [body];
  const message = holders.map(messageOf).find((one) => one !== undefined) ?? text.trim();
  return {
    html: false,
    message,
    ...pick(holders, ["errorCode", "error_code", "code"], "errorCode"),
    ...pick(holders, ["param"], "param"),
  };
}

/** What stands in the first title of a web page, up to the next tag. */
function titleOf(page: string): string {
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

/** The value of a JSON text; undefined where it is none, or too deep. A byte-order mark in front does not matter. */
export function parseJson(text: string): unknown {
  if (opensDeeper(text, BOUNDS.depth)) return undefined;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch {
    return undefined;
  }
}

function messageOf(holder: unknown): string | undefined {
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
