/**
 * The audit's entries as events of the Open Cybersecurity Schema Framework, 1.4.0: calls as API Activity (6003),
 * entries about the audit itself as Base Event (0).
 */
import type { CallEvent } from "../../mcp/tools/call-event.ts";
import type { AuditEntry, CallEntry } from "./audit-entry.ts";

export type Ocsf = Readonly<Record<string, unknown>>;

const SCHEMA = "1.4.0";
const ACTIVITY_CLASS = 6003;
const APPLICATION_CATEGORY = 6;

const ACTIVITY = { other: 99, create: 1, read: 2, update: 3, delete: 4 } as const;
const SEVERITY = { informational: 1, low: 2, medium: 3, high: 4 } as const;
const STATUS = { success: 1, failure: 2, other: 99 } as const;

const SEVERITIES: Readonly<Record<CallEvent["outcome"], number>> = {
  ok: SEVERITY.informational,
  asked: SEVERITY.informational,
  cancelled: SEVERITY.low,
  declined: SEVERITY.low,
  error: SEVERITY.low,
  not_allowed: SEVERITY.medium,
  defect: SEVERITY.high,
};

const USER_TYPE = { user: 1, other: 99 } as const;

/** `version` is this server's. */
export function ocsfRecord(entry: AuditEntry, version: string): Ocsf {
  const metadata = {
    version: SCHEMA,
    product: { name: "portkey-admin-mcp", vendor_name: "portkey-admin-mcp", version },
    log_name: "audit",
    ...("trace" in entry && entry.trace && { correlation_uid: entry.trace.traceId }),
  };
  const time = entry.time.getTime();
  if (entry.kind !== "tool_call") {
    const { kind, facts } = entry;
    const severity = kind === "lines_lost" ? SEVERITY.high : SEVERITY.informational;
    return {
      activity_id: ACTIVITY.other,
      activity_name: kind,
      category_uid: 0,
      class_uid: 0,
      type_uid: 99,
      severity_id: severity,
      time,
      metadata,
      unmapped: { audit: kind, ...facts },
    };
  }
  return { ...classOf(entry), time, metadata, ...partiesOf(entry), ...whatOf(entry) };
}

function classOf({ risk, method, outcome }: CallEntry): Ocsf {
  const activity = activityOf(risk, method);
  const status = { ok: STATUS.success, asked: STATUS.other }[outcome as string] ?? STATUS.failure;
  return {
    activity_id: activity,
    category_uid: APPLICATION_CATEGORY,
    class_uid: ACTIVITY_CLASS,
    type_uid: ACTIVITY_CLASS * 100 + activity,
    severity_id: SEVERITIES[outcome],
    status_id: status,
    ...(status === STATUS.other && { status: outcome }),
  };
}

/** A destructive call counts as delete only where its method is DELETE; others, such as publishing, as update. */
function activityOf(risk: CallEntry["risk"], method: string | undefined): number {
  if (risk !== "destroy") return ACTIVITY[risk];
  return method === "DELETE" ? ACTIVITY.delete : ACTIVITY.update;
}

function partiesOf({ principal, about = {} }: CallEntry): Ocsf {
  const { client, organisation, session, address } = about;
  return {
    actor: {
      user: {
        uid: principal,
        type_id: principal === "anonymous" ? USER_TYPE.other : USER_TYPE.user,
        ...(organisation !== undefined && { org: { uid: organisation } }),
      },
      ...(session !== undefined && { session: { uid: session } }),
      ...(client !== undefined && { app_name: client }),
    },
    src_endpoint: address === undefined ? { name: client ?? "unknown" } : { ip: address },
  };
}

function whatOf(entry: CallEntry): Ocsf {
  const { tool, domain, risk, targets, dryRun, outcome, code, status, requestId, key, durationMs } = entry;
  const resources = Object.entries(targets).map(([type, uid]) => ({ type, uid }));
  return {
    api: {
      operation: tool,
      service: { name: "portkey" },
      ...(requestId !== undefined && { request: { uid: requestId } }),
      response: { ...(status !== undefined && { code: status }), ...(code !== undefined && { error: code }) },
    },
    ...(resources.length > 0 && { resources }),
    ...(durationMs !== undefined && { duration: durationMs }),
    unmapped: {
      audit: "tool_call",
      domain,
      risk,
      outcome,
      ...(dryRun !== undefined && { dry_run: dryRun }),
      ...(key !== undefined && { key }),
      ...(entry.trace && { span_id: entry.trace.spanId }),
      ...(entry.args !== undefined && { arguments: entry.args }),
    },
  };
}
