/**
 * What is written to Redis at rest: encrypted with AES-256-GCM where a key is set, else in plain text behind a MAC.
 * Either way a text is bound to the place it was written to, so that it cannot be moved to another; what does not open
 * counts as absent.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { macKeyFrom } from "../redis/trust.ts";

export interface Seal {
  close(text: string, place: string): string;
  open(sealed: string, place: string): string | undefined;
}

const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Says how the rest is written, so that neither form is taken for the other. */
const ENCRYPTED = "1";
const SIGNED = "2";
const MAC_LENGTH = 43;

/**
 * `key`: 32 bytes, or null to authenticate only. Random 96-bit nonces: one key is good for some 2^32 texts, then it
 * should be changed.
 */
export function createSeal(key: Uint8Array | null, macKey: Uint8Array = macKeyFrom()): Seal {
  return key === null ? signing(macKey) : encrypting(key);
}

function signing(macKey: Uint8Array): Seal {
  const macOf = (text: string, place: string) =>
    createHmac("sha256", macKey).update(`${place.length} ${place} ${text}`).digest();
  return {
    close: (text, place) => SIGNED + macOf(text, place).toString("base64url") + text,
    open(sealed, place) {
      if (!sealed.startsWith(SIGNED)) return undefined;
      const text = sealed.slice(1 + MAC_LENGTH);
      const given = Buffer.from(sealed.slice(1, 1 + MAC_LENGTH), "base64url");
      const expected = macOf(text, place);
      return given.length === expected.length && timingSafeEqual(given, expected) ? text : undefined;
    },
  };
}

function encrypting(key: Uint8Array): Seal {
  return {
    close(text, place) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return ENCRYPTED + Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64");
    },
    open(sealed, place) {
      if (!sealed.startsWith(ENCRYPTED)) return undefined;
      const bytes = Buffer.from(sealed.slice(1), "base64");
      if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      try {
        return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
      } catch {
        return undefined;
      }
    },
  };
}
