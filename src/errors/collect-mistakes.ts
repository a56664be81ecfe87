/** Collects the mistakes of a configuration, so that a person sees all of them at once. */
import { PortkeyMcpError } from "./errors.ts";

export interface Mistakes {
  /** One mistake each. */
  readonly lines: readonly string[];
  /** What `make` returns; undefined where it throws CONFIG, whose lines are kept. Other errors are rethrown. */
  attempt<Made>(make: () => Made): Made | undefined;
  /** Throws CONFIG with the lines, if there are any. */
  refuse(): void;
}

export function collectMistakes(): Mistakes {
  const lines: string[] = [];
  return {
    lines,
    attempt(make) {
      try {
        return make();
      } catch (error) {
        if (!(error instanceof PortkeyMcpError) || error.code !== "CONFIG") throw error;
        for (const line of error.message.split("\n")) lines.push(line);
        return undefined;
      }
    },
    refuse() {
      if (lines.length > 0) throw new PortkeyMcpError("CONFIG", lines.join("\n"));
    },
  };
}
