/**
 * rotate_key: makes a new secret for an API key. While the old secret of an earlier rotation still works, the call
 * reports the state of that rotation instead. The old secret ends by itself after its transition period.
 */
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { graphTotal } from "../analytics/analytics-window.ts";
import { readWorkspaceNames } from "../access/workspace-names.ts";
import type { Composite, CompositeContext } from "../composite.ts";
import { findLastRotation, type Rotation } from "../keys/last-rotation.ts";
import { withJournal, type Journal } from "../steps/journal.ts";
import { readOptional } from "../steps/read-optional.ts";
import { readObject, asText, withoutUndefined } from "../values/portkey-values.ts";

const TOOL = "rotate_key";
const OWN_KEY = "This server works with this key: give it the new secret before the old one ends.";

const ONCE = "The new secret was shown when it was made. Where nobody has it, again: true makes another.";

export const composite: Composite<"rotate-key"> = (args, context) => {
  const { api_key_id: id, key_transition_period_ms, again } = args;
  const next = { tool: TOOL, arguments: { api_key_id: id, dry_run: true } };
  return withJournal(context, next, async (journal) => {
    const key = readObject((await journal.read("get_api_key", { id })).body);
    const facts = {
      id,
      ...withoutUndefined({ name: key["name"] }),
      ...(context.isOwnKey?.(key["key"]) === true && { in_use_by_this_server: OWN_KEY }),
    };
    const rotation = await readLastRotation(context, key, again === true);
    const state = rotation && (await readRotationState(context, journal, key, rotation));
    const isUnderWay = rotation !== undefined && Date.parse(rotation.oldSecretUntil) > Date.now();
    if (isUnderWay && again !== true)
      return { ...(context.dryRun && { dry_run: true }), action: "unchanged", ...facts, ...state, note: ONCE, next };
    const asked = { id, ...withoutUndefined({ key_transition_period_ms }) };
    const answer = await journal.write("rotate_api_key", asked, () => ({ id })).catch(explainLostAnswer);
    if (context.dryRun) return { dry_run: true, action: "rotate", ...facts, ...state, would_send: journal.planned };
    const { key: secret, key_transition_expires_at: until } = readObject(answer?.body);
    return {
      action: "rotated",
      ...facts,
      ...withoutUndefined({ key: secret, old_secret_works_until: until }),
      note:
        "The secret is shown once. Put it in place, then look with next whether it is used " +
        "before the old one ends.",
      next,
    };
  });
};

/** Adds to an error without an answer that calling this tool again shows, from the audit log, what happened. Throws. */
function explainLostAnswer(error: unknown): never {
  const status = error instanceof PortkeyMcpError ? error.details["status"] : undefined;
  const isRefusal = typeof status === "number" && status < 500;
  if (!(error instanceof PortkeyMcpError) || isRefusal) throw error;
  const message = `${error.message} ${TOOL}, called again, says whether it was rotated.`;
  throw new PortkeyMcpError(error.code, message, error.details, { cause: error });
}

/**
 * The last rotation. Throws where the audit log cannot be read, unless `again`: a rotation may be under way, and
 * another one would end the secret that its users still wait to replace.
 */
function readLastRotation(context: CompositeContext, key: Json, again: boolean): Promise<Rotation | undefined> {
  return readOptional(
    () => findLastRotation(context, key),
    (message) => {
      if (again) return undefined;
      throw new PortkeyMcpError(
        "BAD_INPUT",
        `${TOOL}: nothing was changed. Whether a rotation of this key is under way could not be read from the audit ` +
          `log (list_audit_logs). again: true rotates all the same. ${message}`,
      );
    },
  );
}

/** The state of an earlier rotation: whether the key was used since, and until when its old secret works. */
async function readRotationState(
  context: CompositeContext,
  journal: Journal,
  key: Json,
  { at, oldSecretUntil }: Rotation,
): Promise<Json> {
  const home = asText(key["workspace_id"]);
  const requests = await readOptional(
    async () => {
      if (home === undefined) return undefined;
      const { slug } = await readWorkspaceNames(journal, home);
      const window = { time_of_generation_min: at, time_of_generation_max: new Date().toISOString() };
      const filters = { api_key_ids: String(key["id"]) };
      return graphTotal(context, "get_request_analytics", { workspace_slug: slug, ...window }, filters);
    },
    () => undefined,
  );
  const isOver = Date.parse(oldSecretUntil) <= Date.now();
  return {
    rotated_at: at,
    transition: isOver ? "over: the old secret has ended" : "under way: both secrets work",
    old_secret_works_until: oldSecretUntil,
    ...(requests !== undefined && { requests_since: requests }),
    ...(requests === 0 && { warning: "No request used the key since: see that the new secret is in place." }),
  };
}
