/**
 * Clients that register themselves (RFC 7591). Nothing is stored: a client's id is what it registered, signed. So every
 * instance knows every client, also after a restart, and registrations cannot fill a store.
 */
import { createHash, randomBytes } from "node:crypto";
import { CompactSign, compactVerify } from "jose";
import { z } from "zod";
import { displayName, type ClientMetadata } from "./client-metadata.ts";
import type { ProxyClient } from "./client.ts";

/** Characters; longer ids would not fit into every URL. A client with more redirect addresses can use a document. */
export const ID_LIMIT = 2_048;

const REGISTERED = z.object({ n: z.string(), r: z.array(z.string()) });

export interface RegisteredClients {
  /** The new client's id. */
  register(metadata: ClientMetadata): Promise<string>;
  /** The client with this id; undefined where this server did not issue it. */
  find(id: string): Promise<ProxyClient | undefined>;
}

export function createRegisteredClients(key: Uint8Array): RegisteredClients {
  return {
    register(metadata) {
      const name = displayName(metadata, "A client without a name");
      const content = { n: name, r: metadata.redirect_uris, i: randomBytes(9).toString("base64url") };
      const bytes = new TextEncoder().encode(JSON.stringify(content));
      return new CompactSign(bytes).setProtectedHeader({ alg: "HS256" }).sign(key);
    },
    async find(id) {
      if (id.length > ID_LIMIT) return undefined;
      const verified = await compactVerify(id, key, { algorithms: ["HS256"] }).catch(() => undefined);
      if (verified === undefined) return undefined;
      const { n: name, r: redirects } = REGISTERED.parse(JSON.parse(new TextDecoder().decode(verified.payload)));
      const digest = createHash("sha256").update(id).digest("hex").slice(0, 12);
      return { id, name, redirects, host: null, shownAs: `registered:${digest}` };
    },
  };
}
