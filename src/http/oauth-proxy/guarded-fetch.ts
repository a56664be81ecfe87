/** A `fetch` for oauth4webapi's requests to the issuer, under the rules of src/addresses and within limits. */
import type { CustomFetchOptions } from "oauth4webapi";
import { guardedRequest } from "../../addresses/guarded-request.ts";
import { limitedText } from "../../addresses/limited-text.ts";

const SIZE_LIMIT = 262_144;

type Options = CustomFetchOptions<string, unknown>;

export function guardedFetch(allowPrivate: boolean): (url: string, options: Options) => Promise<Response> {
  return async (url, { method, headers, body, signal }) => {
    const answer = await guardedRequest(url, {
      method: method === "POST" ? "POST" : "GET",
      headers,
      signal: signal ?? AbortSignal.timeout(10_000),
      allowPrivate,
      ...(body instanceof URLSearchParams && { body: body.toString() }),
    });
    const text = await limitedText(answer, SIZE_LIMIT);
    const names = ["content-type", "www-authenticate"] as const;
    const kept = names.flatMap((name) => {
      const value = answer.header(name);
      return value === undefined ? [] : [[name, value] as [string, string]];
    });
    return new Response(text === "" ? null : text, { status: answer.status, headers: kept });
  };
}
