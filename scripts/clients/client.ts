/**
 * The interface to a client under test: how to connect it to a server, and five operations that it must support.
 */

/** How to reach a server. */
export type Target =
  | {
      readonly kind: "stdio";
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
    }
  | { readonly kind: "http"; readonly url: string };

export type Transport = Target["kind"];

/** A tool's result as the client returns it. */
export interface Answer {
  readonly text: string;
  /** Whether the client marks the result as an error; absent where it gives a model only text. */
  readonly isError?: boolean;
}

export interface Connection {
  /** The names of the tools it sees. */
  list(): Promise<string[]>;
  call(tool: string, args: Readonly<Record<string, unknown>>): Promise<Answer>;
  /**
   * Calls a tool that does not answer, and cancels the call once `running` resolves; a client that cannot cancel
   * lets it time out. Resolves when the client has given up the call.
   */
  cancel?(tool: string, args: Readonly<Record<string, unknown>>, running: Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** The folder the clients are installed into, and what a driver may use of it. */
export interface ClientWorkspace {
  readonly folder: string;
  /** Imports a package that is installed there. Its types are not known here: drivers state what they use. */
  load<Module>(specifier: string): Promise<Module>;
  /** Runs a command that is installed there, in an empty home of its own, without this machine's settings. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<Ran>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A folder below the workspace's home; the home itself without it. */
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const CHECKS = ["list", "call", "large", "error", "cancel"] as const;
export type Check = (typeof CHECKS)[number];

export interface ClientRow {
  readonly name: string;
  /** The packages to install, the client's own first, with versions. */
  readonly packages: readonly string[];
  readonly connect: (target: Target, workspace: ClientWorkspace) => Promise<Connection>;
  /** The client's guide in docs/clients.md, whose command is to be run as well. */
  readonly guide?: string;
  /** A note for the report. */
  readonly note?: string;
  /** Why the client cannot be used over a transport. */
  readonly noTransport?: Partial<Readonly<Record<Transport, string>>>;
  /** Why the client does not support one of the five operations, over any transport or over one. */
  readonly noCheck?: Partial<Readonly<Record<Check | `${Check} over ${Transport}`, string>>>;
}
