/** The snapshots as files: all of the main edition's, and of another one's those that differ from them. */
import type { ListedTool } from "../../src/catalog/lookup.ts";
import { everyTool, type Listing } from "./listing.ts";

export interface SnapshotFile {
  readonly file: string;
  readonly text: string;
}

/** The file of one tool. */
export function snapshotOf({ name, title, description, inputSchema, annotations }: ListedTool): SnapshotFile {
  const text = `${JSON.stringify({ name, title, description, inputSchema, annotations }, null, 2)}\n`;
  return { file: `${name}.json`, text };
}

/** What another edition lists otherwise than the main one. */
export function ownSnapshots(listing: Listing): SnapshotFile[] {
  const shared = new Set(everyTool.map((tool) => snapshotOf(tool).text));
  return listing.everyTool.map(snapshotOf).filter(({ text }) => !shared.has(text));
}
