/**
 * Takes a page of a list, by the paging parameters that the operation declares.
 */
import type { Call } from "../behaviour/call.ts";
import type { Json } from "../json.ts";
import type { Page, View } from "./shape.ts";

interface Style {
  readonly page: string;
  readonly size: string;
}

const styles: readonly Style[] = [
  { page: "current_page", size: "page_size" },
  { page: "currentPage", size: "pageSize" },
  { page: "page", size: "page_size" },
];

export const pagingParameters: ReadonlySet<string> = new Set(styles.flatMap(({ page, size }) => [page, size]));

const defaultSize = 100;

/** The requested page; the whole list where the operation declares no paging. */
export function takePage(call: Call, items: readonly (View | string)[], extra: Json = {}): Page {
  const style = styles.find(({ page, size }) => call.operation.query[page] && call.operation.query[size]);
  if (!style) return { items, total: items.length, more: false, extra };
  const size = parsePositive(call.query[style.size]) ?? defaultSize;
  // The number of the first page depends on the operation, not on the parameter's name: SCIM's is 0, MCP's is 1.
  const first = call.operation.query[style.page]?.minimum === 1 ? 1 : 0;
  const start = Math.max(0, (parsePositive(call.query[style.page]) ?? first) - first) * size;
  return { items: items.slice(start, start + size), total: items.length, more: start + size < items.length, extra };
}

function parsePositive(text: string | undefined): number | undefined {
  const value = Number(text);
  return text !== undefined && Number.isInteger(value) && value > 0 ? value : undefined;
}
