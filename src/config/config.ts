/**
 * The frozen configuration: all that the rest of the server gets of environment and command line.
 * Only src/config and src/cli read process.env and process.argv.
 */
import type { Proxies } from "../addresses/proxies.ts";
import type { EditionName } from "../catalog/editions.ts";
import type { Policy } from "../catalog/policy.ts";
import type { Bases, Credentials } from "../portkey/port.ts";
import type { Members } from "./setting.ts";
import type { SETTINGS } from "./settings.ts";

/** What both transports need. Members that hold one setting are documented in the setting's row. */
export interface Config extends Members<typeof SETTINGS> {
  /** Absent: the main one. */
  readonly edition?: EditionName;
  /** Where service accounts get their tokens; absent: there are none. */
  readonly tokenUrl?: string;
  readonly bases: Bases;
  readonly credentials: Credentials;
  /** Whether to read an object again after an update with an empty answer; absent: no. */
  readonly verifyWrites?: boolean;
  readonly policy: Policy;
  /** Milliseconds that a person may take to answer a question; absent: two minutes. */
  readonly elicitTimeoutMs?: number;
  /** Whether bases may be at private addresses; absent: names with one are refused. */
  readonly allowPrivateBase?: boolean;
  /** The proxies of outgoing requests; absent: none. */
  readonly proxies?: Proxies;
  readonly sandbox: boolean;
  /** Settings that were ignored or look like mistakes, one line each; for the log. */
  readonly warnings?: readonly string[];
  /** The path of the sandbox's seed file; absent: the built-in data. */
  readonly sandboxSeed?: string;
  /** PORTKEY_METADATA_*: what validate_completion_metadata enforces. */
  readonly composites: Readonly<Record<string, string>>;
}
