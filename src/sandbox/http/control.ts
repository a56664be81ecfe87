/**
 * The sandbox's own paths below `/__sandbox`: reset, faults, recorded requests, and the targets of links in answers.
 */
import type { FastifyReply } from "fastify";
import { exportFile } from "../behaviour/exports.ts";
import { checkFault, type Faults } from "./faults.ts";
import { asList, asObject } from "../json.ts";
import type { Recorder } from "./recorder.ts";
import { acceptInvite } from "../behaviour/users.ts";
import type { World } from "../state/world.ts";

export interface Controls {
  readonly world: World;
  readonly faults: Faults;
  readonly recorder: Recorder;
  readonly reset: () => void;
}

type Control = (controls: Controls, body: unknown, id: string, reply: FastifyReply) => unknown;

const controls: Readonly<Record<string, Control>> = {
  "POST reset": ({ reset }) => (reset(), { success: true }),
  "GET requests": ({ recorder }) => ({ data: recorder.requests }),
  "GET faults": ({ faults }) => ({ faults: faults.planned }),
  "POST faults": ({ faults }, body) => {
    faults.plan((Array.isArray(body) ? body : asList(asObject(body)["faults"])).map(checkFault));
    return { faults: faults.planned };
  },
  "DELETE faults": ({ faults }) => (faults.plan([]), { faults: [] }),
  "GET invites": ({ world }, _body, id) => ({ success: true, user_id: acceptInvite(world, id).id }),
  "POST invites": ({ world }, _body, id) => ({ success: true, user_id: acceptInvite(world, id).id }),
  "GET exports": ({ world }, _body, id, reply) => (
    reply.type("application/x-ndjson"),
    exportFile(world, id.replace(/\.jsonl$/, ""))
  ),
};

export const controlPrefix = "/__sandbox/";

export interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** The answer of a path below the prefix; undefined for an unknown path. */
export function handleControl({ method, path, body }: ControlRequest, all: Controls, reply: FastifyReply): unknown {
  const [name = "", id = ""] = path.slice(controlPrefix.length).split("/");
  return controls[`${method} ${name}`]?.(all, body, id, reply);
}
