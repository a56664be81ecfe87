import type { HttpAnswer } from "../transport/pooled-fetch.ts";

const REQUEST_ID_HEADERS = ["x-portkey-request-id", "x-request-id", "cf-ray"];

/** Portkey's id of a request, or that of the network in front of it. */
export function readRequestId(response: Pick<HttpAnswer, "headers">): string | undefined {
  for (const name of REQUEST_ID_HEADERS) {
    const value = response.headers.get(name);
    if (value) return value;
  }
  return undefined;
}
