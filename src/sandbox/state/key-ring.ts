/**
 * Maps secrets to API key resources. Secrets are kept here and in no resource, so that no answer can contain one.
 */
import { readTime } from "../../catalog/times.ts";
import { shortHash } from "./ids.ts";
import type { Entity } from "./store.ts";

interface Held {
  readonly key: Entity;
  /** Milliseconds since the epoch; a rotated secret's last moment. */
  until?: number;
}

export class KeyRing {
  readonly #held = new Map<string, Held>();

  /** Gives a key resource its secret, and returns it. */
  issue(key: Entity, secret: string): string {
    this.#held.set(secret, { key });
    return secret;
  }

  /** Gives a key resource a new secret. Its earlier ones stay valid until `until`. */
  rotate(key: Entity, secret: string, until: number): string {
    for (const held of this.#held.values()) if (held.key === key) held.until ??= until;
    return this.issue(key, secret);
  }

  /** The key resource a secret opens at a moment, if it opens one. */
  holder(secret: string, now: number): Entity | undefined {
    const held = this.#held.get(secret);
    if (!held || held.key.archived || (held.until !== undefined && now >= held.until)) return undefined;
    const expiry = held.key.fields["expires_at"];
    return typeof expiry === "string" && (readTime(expiry) ?? Infinity) <= now ? undefined : held.key;
  }

  /** What answers show instead of the secret. */
  masked(key: Entity): string {
    const secrets = [...this.#held].filter(([, held]) => held.key === key).map(([secret]) => secret);
    return `pk-***${secrets.at(-1)?.slice(-4) ?? shortHash(key.id, 4)}`;
  }

  clear(): void {
    this.#held.clear();
  }
}
