/**
 * The type of a rule: checks and stored fields of one kind of resource, beyond the document's types.
 */
import type { Call } from "../call.ts";
import type { Json } from "../../json.ts";
import type { Entity } from "../../state/store.ts";

export interface Rule {
  /** Throws an ApiError for a body that the API refuses. `entity` is the one to change; undefined for a new one. */
  check?(call: Call, body: Json, entity?: Entity): void;
  /** Fields that are stored in another form than sent, or computed from the sent ones. */
  keep?(call: Call, body: Json, entity?: Entity): Json;
}
