/**
 * The frozen configuration: the only shape the rest of the server sees of environment and command line.
 * Only src/config and src/cli read process.env and process.argv.
 */
import type { Proxies } from "../addresses/proxies.ts";
import type { EditionName } from "../catalog/editions.ts";
import type { Policy } from "../catalog/policy.ts";
import type { Bases, Credentials } from "../portkey/port.ts";
import type { Members } from "./setting.ts";
import type { SETTINGS } from "./settings.ts";

/** What both transports need. The members of single settings are documented by their rows. */
export interface Config extends Members<typeof SETTINGS> {
  /** Absent: the main one. */
  readonly edition?: EditionName;
  /** Where service accounts get their tokens; absent: there are none. */
  readonly tokenUrl?: string;
  readonly bases: Bases;
  readonly credentials: Credentials;
  /** Read again what an update wrote that Portkey answers with nothing; absent: do not. */
  readonly verifyWrites?: boolean;
  readonly policy: Policy;
  /** How long a person may take to answer a question; absent: two minutes. */
  readonly elicitTimeoutMs?: number;
  /** The bases may be private addresses; absent: names that lead to one are refused. */
  readonly allowPrivateBase?: boolean;
  /** The way out of every request; absent: no proxy. */
  readonly proxies?: Proxies;
  readonly sandbox: boolean;
  /** What was passed over or looks like a mistake, one line each; for the log. */
  readonly warnings?: readonly string[];
  /** The path of what the sandbox starts with; absent: what is built in. */
  readonly sandboxSeed?: string;
  /** PORTKEY_METADATA_*: what validate_completion_metadata enforces. */
  readonly composites: Readonly<Record<string, string>>;
}
