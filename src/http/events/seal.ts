/**
 * Protects texts that are kept in Redis: AES-256-GCM where there is a key, else plain text with a MAC.
 * Either way a text is bound to the place that it is written to, and does not open in another. A text that does not
 * open counts as absent.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { macKeyFrom } from "../redis/trust.ts";

/** `place` names where the text is kept, such as its Redis key. */
export interface Seal {
  close(text: string, place: string): string;
  /** The text; undefined where it was not closed with this key and place. */
  open(sealed: string, place: string): string | undefined;
}

const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** The first character says which form the rest has, so that neither is taken for the other. */
const ENCRYPTED = "1";
const SIGNED = "2";
const MAC_LENGTH = 43;

/**
 * `key`: 32 bytes, or null to authenticate only.
 * Nonces are random and have 96 bits: a key should be changed before it has encrypted 2^32 texts.
 */
export function createSeal(key: Uint8Array | null, macKey: Uint8Array = macKeyFrom()): Seal {
  return key === null ? createSigningSeal(macKey) : createEncryptingSeal(key);
}

function createSigningSeal(macKey: Uint8Array): Seal {
  const macOf = (text: string, place: string) =>
    createHmac("sha256", macKey).update(`${place.length} ${place} ${text}`).digest();
  return {
    close: (text, place) => SIGNED + macOf(text, place).toString("base64url") + text,
    open(sealed, place) {
      if (!sealed.startsWith(SIGNED)) return undefined;
      const text = sealed.slice(1 + MAC_LENGTH);
      const mac = Buffer.from(sealed.slice(1, 1 + MAC_LENGTH), "base64url");
      const expected = macOf(text, place);
      return mac.length === expected.length && timingSafeEqual(mac, expected) ? text : undefined;
    },
  };
}

function createEncryptingSeal(key: Uint8Array): Seal {
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
