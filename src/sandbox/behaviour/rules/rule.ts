/**
 * What a kind of resource demands of a request, and what it makes of it, beyond the document's types.
 */
import type { Call } from "../call.ts";
import type { Json } from "../../json.ts";
import type { Entity } from "../../state/store.ts";

export interface Rule {
  /** Throws an ApiError for a body that the API refuses. `entity` is what it changes; undefined for a new one. */
  check?(call: Call, body: Json, entity?: Entity): void;
  /** Fields that are kept in another form than they were sent, or that follow from them. */
  keep?(call: Call, body: Json, entity?: Entity): Json;
}
