/**
 * The audit: one line for each tool call, in every place of MCP_AUDIT_LOG. A line says who did what to which object,
 * and how that ended. It never holds answers or keys, and arguments only masked, where a policy asks for them.
 */
import type { PolicySubject } from "../../catalog/policy.ts";
import type { AuditForm, HttpConfig } from "../../config/http-config.ts";
import type { Caller } from "../../mcp/registry.ts";
import type { CallEvent } from "../../mcp/tools/call-event.ts";
import { callEntry, plainRecord, refusedEntry, type AuditEntry } from "./audit-entry.ts";
import { AuditPlace, type PlaceOptions } from "./audit-place.ts";
import { checkPlaces } from "./check-places.ts";
import { openLocalSink } from "./local-sink.ts";
import { ocsfRecord } from "./ocsf.ts";
import { RemoteSink, type Deliver, type RemoteTiming } from "./remote-sink.ts";
import { createWebhookDelivery } from "./webhook.ts";

export interface Audit {
  /** Writes the line of a call that has ended. Never throws. */
  readonly record: (event: CallEvent) => void;
  /** Writes the lines of a call that was refused for missing scopes. Never throws. */
  readonly recordRefused: (caller: Caller, records: readonly PolicySubject[]) => void;
  /** Where calls must be refused because lines cannot be written: the place of those lines; else undefined. */
  readonly blockedBy: () => string | undefined;
  /** How many lines were lost since the start. */
  readonly lost: () => number;
  /** Opens the files again by their names, after they were rotated; for SIGHUP. */
  readonly reopen: () => void;
  /** Delivers buffered lines, within a time limit. */
  readonly flush: () => Promise<void>;
  /** Delivers buffered lines, within a time limit, and warns of those that are lost. */
  readonly close: () => Promise<void>;
}

export interface AuditOptions extends Partial<AuditForm> {
  /** MCP_AUDIT_OVERFLOW: what happens to lines that cannot be written; default: drop. */
  readonly overflow?: HttpConfig["auditOverflow"];
  /** Called when lines cannot be written or delivered, once until that works again. */
  readonly warn?: (message: string) => void;
  /** The file descriptor of stderr; default: 2. */
  readonly stderr?: number;
  /** This server's version, for OCSF. */
  readonly version?: string;
  /** Sends lines to a collector; absent where the settings of OpenTelemetry name none. */
  readonly toCollector?: Deliver | undefined;
  /** For tests. */
  readonly timing?: RemoteTiming;
}

/** How long closing waits for remote places. */
const CLOSE_MS = 2_000;

/**
 * `setting` is MCP_AUDIT_LOG: `off`, `stderr`, `otlp`, a file's path, or several of them divided by commas.
 * Throws CONFIG where a place cannot be written.
 */
export function openAudit(setting: string, options: AuditOptions = {}): Audit {
  const { overflow = "drop" } = options;
  const names = placeNames(setting);
  checkPlaces(names, { chained: options.chain !== undefined, collector: options.toCollector !== undefined });
  const places = openPlaces(names, options);

  function write(entry: () => AuditEntry): void {
    try {
      const created = entry();
      for (const place of places) place.record(created);
    } catch (error) {
      // The call must not fail because its line cannot be made.
      options.warn?.(`The audit could not record a call: ${String(error)}`);
    }
  }

  return {
    record: (event) => write(() => callEntry(event)),
    recordRefused: (caller, records) => {
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

/** The places that MCP_AUDIT_LOG names, each once. */
export function placeNames(setting: string): string[] {
  const names = setting.split(",").map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== "" && name !== "off"))];
}

function openPlaces(names: readonly string[], options: AuditOptions): AuditPlace[] {
  const { stderr = 2, warn, version = "", chain, overflow, format: form = "lines" } = options;
  const format = form === "ocsf" ? (entry: AuditEntry) => ocsfRecord(entry, version) : plainRecord;
  const common = { chain, format, warn };
  const wait = overflow === "block";
  const local = names
    .filter((name) => name !== "otlp")
    .map((name) => {
      const file = name === "stderr" ? null : name;
      return new AuditPlace(openLocalSink(name, { stderr, wait, warn }), { ...common, name, file });
    });
  const remote = remoteDeliveries(names, options).map(([name, deliver]) => remotePlace(name, deliver, options, common));
  return [...local, ...remote];
}

function remoteDeliveries(names: readonly string[], { webhook, toCollector }: AuditOptions): [string, Deliver][] {
  const wanted = names.includes("otlp");
  return [
    ...(wanted && toCollector ? [["the collector", toCollector] as [string, Deliver]] : []),
    ...(webhook ? [["the webhook", createWebhookDelivery(webhook)] as [string, Deliver]] : []),
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
    onFailure: (reason) => warn?.(`The audit could not be sent to ${name}: ${reason}`),
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
