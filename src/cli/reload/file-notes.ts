/** Which files the settings were read from: the path of each, and the setting that names it. */
import type { Source } from "../../config/read-settings.ts";

export interface FileNotes {
  /** The same source, which notes the files that are read through it. */
  readonly source: Source;
  /** What was noted since the last time. */
  readonly take: () => ReadonlyMap<string, string>;
  /** Whether anything was. */
  readonly hasAny: () => boolean;
}

export function noteFiles(source: Source): FileNotes {
  let files = new Map<string, string>();
  return {
    source: { ...source, onFile: (setting, path) => void files.set(path, setting) },
    hasAny: () => files.size > 0,
    take() {
      const taken = files;
      files = new Map();
      return taken;
    },
  };
}
