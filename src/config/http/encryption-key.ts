/** The kind of the key that encrypts kept events with AES-256-GCM. */
import { secretText } from "../kinds.ts";
import type { Kind } from "../setting.ts";

const KEY_BYTES = 32;
const HEX = /^[0-9a-f]{64}$/i;

/** 32 bytes in hex or base64. */
export const encryptionKey: Kind<Uint8Array> = {
  ...secretText,
  parse(raw) {
    const text = secretText.parse(raw);
    const key = Buffer.from(text, HEX.test(text) ? "hex" : "base64");
    if (key.length !== KEY_BYTES)
      throw new Error(`is not ${KEY_BYTES} bytes in hex or base64. Make one with: openssl rand -hex ${KEY_BYTES}`);
    return key;
  },
};
