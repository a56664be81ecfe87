/**
 * What is written to Redis at rest: AES-256-GCM where a key is set, plain text where none is. A sealed text is bound to
 * the place it was written to, so that it cannot be moved to another key; what does not open counts as absent.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

export interface Seal {
  close(text: string, place: string): string;
  open(sealed: string, place: string): string | undefined;
}

const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Says how the rest is written; a plain text starts with another mark, so that neither is taken for the other. */
const SEALED = "1";
const PLAIN = "0";

/** `key`: 32 bytes. Random 96-bit nonces: one key is good for some 2^32 texts, then it should be changed. */
export function createSeal(key: Uint8Array | null): Seal {
  if (key === null) {
    return {
      close: (text) => PLAIN + text,
      open: (sealed) => (sealed.startsWith(PLAIN) ? sealed.slice(1) : undefined),
    };
  }
  return {
    close(text, place) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return SEALED + Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64");
    },
    open(sealed, place) {
      if (!sealed.startsWith(SEALED)) return undefined;
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
