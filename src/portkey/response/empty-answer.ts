/** Answers that say a write is done, and nothing of the object. */
import { isObject } from "../../catalog/json.ts";
import type { Answer } from "../port.ts";

/** An empty body, `{}`, or no more than that it succeeded. */
export function isSilentAnswer({ body }: Pick<Answer, "body">): boolean {
  if (body === undefined || body === null || body === "") return true;
  return isObject(body) && Object.keys(body).every((name) => name === "success");
}
