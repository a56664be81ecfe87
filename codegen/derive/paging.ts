/** How a list is walked, read off its parameters' names: Portkey spells paging in four ways. */
import type { Paging } from "../../src/catalog/record.ts";

const styles: readonly Paging[] = [
  { style: "page", page: "current_page", size: "page_size", first: 0 },
  { style: "page", page: "currentPage", size: "pageSize", first: 0 },
  { style: "page", page: "page", size: "page_size", first: 1 },
  { style: "cursor", page: "cursor", size: "limit", first: 0 },
];

/** The paging of a GET with these query parameters, or undefined where it answers everything at once. */
export function pagingOf(method: string, queryNames: ReadonlySet<string>): Paging | undefined {
  if (method !== "get") return undefined;
  return styles.find(({ page, size }) => queryNames.has(page) && queryNames.has(size));
}
