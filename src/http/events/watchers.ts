/** The listeners for streams' events in this process, by stream. */
interface Watcher {
  /** Unique among the watchers of a stream on all instances. */
  readonly token: string;
  readonly wake: () => void;
  readonly superseded: () => void;
}

export class Watchers {
  readonly #byStream = new Map<string, Set<Watcher>>();

  /** `first` says whether the stream had no watcher before; `remove` returns whether it has none left. */
  add(stream: string, watcher: Watcher): { readonly first: boolean; remove(): boolean } {
    const watchers = this.#byStream.get(stream) ?? new Set();
    const first = watchers.size === 0;
    this.#byStream.set(stream, watchers.add(watcher));
    return {
      first,
      remove: () => {
        watchers.delete(watcher);
        if (watchers.size > 0 || this.#byStream.get(stream) !== watchers) return false;
        this.#byStream.delete(stream);
        return true;
      },
    };
  }

  wake(stream: string): void {
    for (const { wake } of this.#byStream.get(stream) ?? []) wake();
  }

  /** Tells all watchers of a stream but the one with the token `by`, which has taken it over. */
  supersede(stream: string, by: string): void {
    for (const watcher of [...(this.#byStream.get(stream) ?? [])]) if (watcher.token !== by) watcher.superseded();
  }
}
