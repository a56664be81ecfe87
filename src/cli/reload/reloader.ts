/**
 * Reads the settings' files again while the server runs. Everything is checked as at the start before any of it is
 * used; where there is a mistake, nothing changes.
 */
import { createHash } from "node:crypto";
import type { Source } from "../../config/read-settings.ts";
import { readTextFile, wouldWait } from "../../config/files/read-text-file.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Log } from "../../log/log.ts";
import type { FileNotes } from "./file-notes.ts";
import { watchFiles, type FileWatch } from "./watch-files.ts";

/** How often the files were read again, by outcome, and whether the last time failed. */
export interface Reloads {
  readonly counts: Readonly<Record<"ok" | "failed", number>>;
  readonly stale: boolean;
}

export interface ReloaderParts<Loaded> {
  readonly notes: FileNotes;
  /** Reads everything. Throws CONFIG with a line for each mistake. */
  readonly load: (source: Source) => Loaded;
  /** Starts to use all of it. Throws CONFIG where a part cannot be used; then nothing changes. */
  readonly apply: (loaded: Loaded) => void;
  readonly log: Log;
}

export class Reloader<Loaded> {
  readonly #parts: ReloaderParts<Loaded>;
  readonly #counts = { ok: 0, failed: 0 };
  readonly #watch: FileWatch = watchFiles(() => this.#read(false));
  /** The path of each file, and the setting that names it. */
  #files: ReadonlyMap<string, string> = new Map();
  #digest = "";
  #mistake: string | undefined;

  constructor(parts: ReloaderParts<Loaded>) {
    this.#parts = parts;
  }

  /** Watches the files that have been noted so far, which the start has read. */
  start(): void {
    this.#follow(this.#parts.notes.take());
  }

  /** Reads the files again at once, as the operator has asked, even if they have not changed. */
  reloadNow(): void {
    this.#read(true);
  }

  reloads(): Reloads {
    return { counts: { ...this.#counts }, stale: this.#mistake !== undefined };
  }

  close(): void {
    this.#watch.close();
  }

  #read(asked: boolean): void {
    const { notes, load, apply, log } = this.#parts;
    if (digestOf(this.#files) === this.#digest && !asked) return;
    notes.take();
    try {
      refusePipes(this.#files);
      apply(load(notes.source));
    } catch (error) {
      if (!(error instanceof PortkeyMcpError)) throw error;
      this.#noteFailure(error.message, asked);
      return this.#follow(new Map([...this.#files, ...notes.take()]));
    }
    this.#counts.ok += 1;
    this.#mistake = undefined;
    this.#follow(notes.take());
    log.write("info", "the settings' files were read again", { settings: [...new Set(this.#files.values())] });
  }

  /** Logs the same mistakes once, unless the operator has asked. */
  #noteFailure(message: string, asked: boolean): void {
    this.#counts.failed += 1;
    const mistakes = message.split("\n");
    if (message !== this.#mistake || asked)
      this.#parts.log.write("error", "the settings' files have mistakes; what was read before still holds", {
        mistakes,
      });
    this.#mistake = message;
  }

  #follow(files: ReadonlyMap<string, string>): void {
    this.#files = files;
    this.#digest = digestOf(files);
    this.#watch.watch(new Set(files.keys()));
  }
}

/** Throws CONFIG where a file has become a pipe: reading that would block the server. */
function refusePipes(files: ReadonlyMap<string, string>): void {
  const mistakes = [...files].flatMap(([path, setting]) =>
    wouldWait(path) ? [`${setting}: "${path}" is a pipe now, and pipes are read at the start alone.`] : [],
  );
  if (mistakes.length > 0) throw new PortkeyMcpError("CONFIG", mistakes.join("\n"));
}

function digestOf(files: ReadonlyMap<string, string>): string {
  const digest = createHash("sha256");
  for (const path of files.keys()) {
    try {
      if (wouldWait(path)) digest.update(`${path} is a pipe\0`);
      else digest.update(readTextFile(path)).update("\0");
    } catch {
      digest.update(`${path} cannot be read\0`);
    }
  }
  return digest.digest("hex");
}
