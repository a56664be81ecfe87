/**
 * Makes the audit log's entry for a write: who changed what, with which outcome.
 */
import { isObject, ownMember } from "../../catalog/json.ts";
import { withoutNames, type Operation } from "../shapes/document.ts";
import type { Principal } from "./principal.ts";
import type { AuditEntry, World } from "../state/world.ts";

const actions: Readonly<Record<string, string>> = { POST: "create", PUT: "update", PATCH: "update", DELETE: "delete" };
const secretName = /secret|password|token|^key$|private_key/i;

export interface Written {
  readonly operation: Operation;
  readonly principal: Principal;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly requestId: string;
  readonly status: number;
}

export function auditEntry(
  world: World,
  { operation, principal, path, query, body, requestId, status }: Written,
): AuditEntry {
  const segments = withoutNames(operation.path)
    .split("/")
    .filter((part) => part !== "" && part !== "{}" && part !== "admin");
  const last = withoutNames(operation.path).split("/").at(-1);
  const isAction = operation.method === "POST" && operation.path.includes("{") && last !== "{}";
  return {
    timestamp: world.timestamp(),
    method: operation.method,
    uri: path,
    request_id: requestId,
    request_body: JSON.stringify(body ?? {}, (name, value: unknown) =>
      typeof value === "string" && secretName.test(name) ? "***" : value,
    ),
    query_params: JSON.stringify(query),
    request_headers: "{}",
    user_id: principal.userId,
    user_type: "api_key",
    organisation_id: world.organisation.id,
    workspace_id: principal.workspaceId ?? (isObject(body) ? String(body["workspace_id"] ?? "") : ""),
    response_status_code: status,
    resource_type: segments[0] ?? "",
    action: isAction ? String(last) : (ownMember(actions, operation.method) ?? operation.method),
    client_ip: "127.0.0.1",
    country: "",
  };
}
