/** Notes which files settings are read from, with the setting that names each. */
import type { Source } from "../../config/read-settings.ts";

export interface FileNotes {
  /** The source, which notes each file that is read. */
  readonly source: Source;
  /** The files that were noted since the last call. */
  readonly take: () => ReadonlyMap<string, string>;
  /** Whether any file was noted. */
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
