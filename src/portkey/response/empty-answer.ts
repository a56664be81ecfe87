/** Recognises answers to writes that report success and nothing about the object. */
import { isObject } from "../../catalog/json.ts";
import type { Answer } from "../port.ts";

/** Whether the body is empty, `{}` or only `{success}`. */
export function isSilentAnswer({ body }: Pick<Answer, "body">): boolean {
  if (body === undefined || body === null || body === "") return true;
  return isObject(body) && Object.keys(body).every((name) => name === "success");
}
