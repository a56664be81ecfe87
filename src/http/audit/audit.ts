/**
 * The audit: one line for each tool call, in every place that the settings name. It says who did what to which object
 * and how that ended; answers and keys are never part of it, arguments only masked and where a policy asks for them.
 */
import type { PolicySubject } from "../../catalog/policy.ts";
import type { AuditForm, HttpConfig } from "../../config/http-config.ts";
import type { Caller } from "../../mcp/registry.ts";
import type { CallEvent } from "../../mcp/tools/call-event.ts";
import { callEntry, lineOf, refusedEntry, type AuditEntry } from "./audit-entry.ts";
import { AuditPlace, type PlaceOptions } from "./audit-place.ts";
import { checkPlaces } from "./check-places.ts";
import { localSink } from "./local-sink.ts";
import { ocsfOf } from "./ocsf.ts";
import { RemoteSink, type Deliver, type RemoteTiming } from "./remote-sink.ts";
import { webhookDelivery } from "./webhook.ts";

export interface Audit {
  /** Writes the line of a call that ended. Never throws. */
  readonly record: (event: CallEvent) => void;
  /** Writes the lines of a call that its token's scopes kept from being made. Never throws. */
  readonly refused: (caller: Caller, records: readonly PolicySubject[]) => void;
  /** The place whose lines cannot be written now, where calls are to be refused for that; else undefined. */
  readonly blockedBy: () => string | undefined;
  /** Lines lost since the start. */
  readonly lost: () => number;
  /** Opens the files again under their names, after they were moved away; for SIGHUP. */
  readonly reopen: () => void;
  /** Delivers what waits, within bounds. */
  readonly flush: () => Promise<void>;
  /** Delivers what waits, within bounds, and says what could not be. */
  readonly close: () => Promise<void>;
}

export interface AuditOptions extends Partial<AuditForm> {
  /** What becomes of lines that cannot be written: MCP_AUDIT_OVERFLOW; default: drop. */
  readonly overflow?: HttpConfig["auditOverflow"];
  /** Told when lines cannot be written or delivered, once until that works again. */
  readonly warn?: (message: string) => void;
  /** The process's stderr is 2. */
  readonly stderr?: number;
  /** This server's version, for OCSF. */
  readonly version?: string;
  /** Sends lines to a collector; absent where telemetry's settings lead to none. */
  readonly toCollector?: Deliver | undefined;
  /** For tests. */
  readonly timing?: RemoteTiming;
}

/** What closing waits for the places beyond this machine. */
const CLOSE_MS = 2_000;

/**
 * `setting` is MCP_AUDIT_LOG: `off`, `stderr`, `otlp`, a file's path, or several of them divided by commas.
 * Throws CONFIG where a place cannot be written.
 */
export function openAudit(setting: string, options: AuditOptions = {}): Audit {
  const { overflow = "drop" } = options;
  const names = placeNames(setting);
  checkPlaces(names, { chained: options.chain !== undefined, collector: options.toCollector !== undefined });
  const places = placesOf(names, options);

  function write(entry: () => AuditEntry): void {
    try {
      const made = entry();
      for (const place of places) place.record(made);
    } catch (error) {
      // Whatever it is, the call that is recorded must not fail by it.
      options.warn?.(`The audit could not record a call: ${String(error)}`);
    }
  }

  return {
    record: (event) => write(() => callEntry(event)),
    refused: (caller, records) => {
      for (const record of records) write(() => refusedEntry(caller, record));
    },
    blockedBy: () => (overflow === "refuse" ? places.find((place) => place.waiting())?.name : undefined),
    lost: () => places.reduce((sum, place) => sum + place.lost(), 0),
    reopen: () => {
      for (const place of places) place.reopen();
    },
    async flush() {
      await Promise.all(places.map((place) => place.flush()));
    },
    async close() {
      await Promise.all(places.map((place) => place.close()));
    },
  };
}

/** What MCP_AUDIT_LOG names, each once. */
export function placeNames(setting: string): string[] {
  const names = setting.split(",").map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== "" && name !== "off"))];
}

function placesOf(names: readonly string[], options: AuditOptions): AuditPlace[] {
  const { stderr = 2, warn, version = "", chain, overflow, format: form = "lines" } = options;
  const format = form === "ocsf" ? (entry: AuditEntry) => ocsfOf(entry, version) : lineOf;
  const common = { chain, format, warn };
  const wait = overflow === "block";
  const local = names
    .filter((name) => name !== "otlp")
    .map((name) => {
      const file = name === "stderr" ? null : name;
      return new AuditPlace(localSink(name, { stderr, wait, warn }), { ...common, name, file });
    });
  const remote = deliveriesOf(names, options).map(([name, deliver]) => remotePlace(name, deliver, options, common));
  return [...local, ...remote];
}

function deliveriesOf(names: readonly string[], { webhook, toCollector }: AuditOptions): [string, Deliver][] {
  const wanted = names.includes("otlp");
  return [
    ...(wanted && toCollector ? [["the collector", toCollector] as [string, Deliver]] : []),
    ...(webhook ? [["the webhook", webhookDelivery(webhook)] as [string, Deliver]] : []),
  ];
}

function remotePlace(
  name: string,
  deliver: Deliver,
  { warn, overflow, timing }: AuditOptions,
  common: Pick<PlaceOptions, "chain" | "format" | "warn">,
): AuditPlace {
  const sink: RemoteSink = new RemoteSink({
    deliver,
    keep: overflow === "refuse",
    failed: (reason) => warn?.(`The audit could not be sent to ${name}: ${reason}`),
    onLost: (count) => {
      place.lose(count);
      warn?.(`${count} lines of the audit were not delivered to ${name}.`);
    },
    ...(timing && { timing }),
  });
  const place = new AuditPlace(
    {
      write: (line, entry) => sink.write({ line, entry }),
      waiting: () => sink.waiting(),
      flush: () => sink.flush(CLOSE_MS),
      close: () => sink.close(CLOSE_MS),
    },
    { ...common, name, file: null },
  );
  return place;
}
