/** The lists whose first page is 1: each was looked up, and a new one must be. */
import { expect, test } from "vitest";
import { records } from "../generated/listing.ts";

test("all others begin with page 0", () => {
  const paged = records.filter(({ paging }) => paging?.style === "page");
  expect(paged.filter(({ paging }) => paging?.first !== 0).map(({ name }) => name)).toEqual([
    "list_mcp_integration_capabilities",
    "list_mcp_server_capabilities",
    "list_mcp_server_user_access",
  ]);
});
