/** What this server reads of a client's metadata, registered (RFC 7591) or in a document of its own. */
import { z } from "zod";
import { oneLine } from "../../errors/foreign-text.ts";
import { redirectFault } from "./redirect-addresses.ts";

export const NAME_LENGTH = 80;

const redirect = z.string().superRefine((address, context) => {
  const fault = redirectFault(address);
  if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
});

/** Other members mean nothing here, and are allowed. */
export const CLIENT_METADATA = z.object({
  client_name: z.string().optional(),
  redirect_uris: z.array(redirect).min(1).max(10),
  grant_types: z.array(z.string()).max(10).optional(),
  response_types: z.array(z.string()).max(10).optional(),
  token_endpoint_auth_method: z.string().optional(),
});

export type ClientMetadata = z.output<typeof CLIENT_METADATA>;

/** What is wrong with a client's metadata, as RFC 7591 has it; undefined: nothing. */
export function metadataFault(error: Pick<z.ZodError, "issues">): { error: string; description: string } {
  const [issue] = error.issues;
  const redirects = issue?.path[0] === "redirect_uris";
  const where = issue?.path.join(".") ?? "";
  return {
    error: redirects ? "invalid_redirect_uri" : "invalid_client_metadata",
    description: oneLine(`${where}: ${issue?.message ?? "not understood"}`, 200),
  };
}

/** A client that cannot use codes has nothing to do here. */
export function usesCodes({ grant_types: grants, response_types: responses }: ClientMetadata): boolean {
  return (grants?.includes("authorization_code") ?? true) && (responses?.includes("code") ?? true);
}

/** One line that hides and reorders nothing. */
export function nameOf({ client_name: name }: ClientMetadata, otherwise: string): string {
  const line = oneLine(name ?? "", NAME_LENGTH);
  return line === "" ? otherwise : line;
}
