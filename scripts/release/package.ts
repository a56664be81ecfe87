/** The data of package.json, for the files that are made from it. */
import metadata from "../../package.json" with { type: "json" };

export interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** The name in the MCP registry; its namespace must be the publisher's. */
  readonly mcpName: string;
  readonly license: string;
  readonly keywords: readonly string[];
  readonly engines: { readonly node: string };
  readonly repository?: { readonly url: string };
}

export const PACKAGE: PackageFacts = metadata;

export const TITLE = "Portkey Admin";
export const AUTHOR = "portkey-admin-mcp contributors";
