/** A client's metadata, from its registration (RFC 7591) or its document. */
import { z } from "zod";
import { oneLine } from "../../errors/foreign-text.ts";
import { redirectFault } from "./redirect-addresses.ts";

export const NAME_LENGTH = 80;

const redirect = z.string().superRefine((address, context) => {
  const fault = redirectFault(address);
  if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
});

/** The members that this server reads; others are ignored. */
export const CLIENT_METADATA = z.object({
  client_name: z.string().optional(),
  redirect_uris: z.array(redirect).min(1).max(10),
  grant_types: z.array(z.string()).max(10).optional(),
  response_types: z.array(z.string()).max(10).optional(),
  token_endpoint_auth_method: z.string().optional(),
});

export type ClientMetadata = z.output<typeof CLIENT_METADATA>;

/** The first fault of a client's metadata, as an error code of RFC 7591 with a description. */
export function metadataFault(error: Pick<z.ZodError, "issues">): { error: string; description: string } {
  const [issue] = error.issues;
  const redirects = issue?.path[0] === "redirect_uris";
  const where = issue?.path.join(".") ?? "";
  return {
    error: redirects ? "invalid_redirect_uri" : "invalid_client_metadata",
    description: oneLine(`${where}: ${issue?.message ?? "not understood"}`, 200),
  };
}

/** Whether a client uses authorization codes, the only grant type that this server has for a login. */
export function usesCodes({ grant_types: grants, response_types: responses }: ClientMetadata): boolean {
  return (grants?.includes("authorization_code") ?? true) && (responses?.includes("code") ?? true);
}

/** The client's name as one safe line, without hidden or reordering characters; `fallback` where it has none. */
export function displayName({ client_name: name }: ClientMetadata, fallback: string): string {
  const line = oneLine(name ?? "", NAME_LENGTH);
  return line === "" ? fallback : line;
}
