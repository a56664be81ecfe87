/**
 * The paging of list operations. Portkey has four kinds, recognised by the names of the query parameters. The number of
 * the first page comes from the curation, or from the default or minimum of the parameter in the document.
 */
import type { Paging } from "../../src/catalog/record.ts";
import type { Schema } from "../read/document.ts";

type Style = Pick<Paging, "style" | "page" | "size">;

const styles: readonly Style[] = [
  { style: "page", page: "current_page", size: "page_size" },
  { style: "page", page: "currentPage", size: "pageSize" },
  { style: "page", page: "page", size: "page_size" },
  { style: "cursor", page: "cursor", size: "limit" },
];

/** The paging of a GET with these query parameters, or undefined if it returns everything at once. */
export function pagingOf(
  method: string,
  query: Readonly<Record<string, Schema>>,
  curatedFirst: Paging["first"],
): Paging | undefined {
  if (method !== "get") return undefined;
  const style = styles.find(({ page, size }) => query[page] && query[size]);
  const first = style && (curatedFirst ?? documentedFirst(query[style.page] as Schema));
  return style && { ...style, ...(first !== undefined && { first }) };
}

function documentedFirst({ default: first, minimum }: Schema): Paging["first"] {
  return [first, minimum].find((value) => value === 0 || value === 1);
}
