/**
 * Maps secrets to API key resources. Secrets are stored only here and not in resources, so that no answer has one.
 */
import { readTime } from "../../catalog/times.ts";
import { shortHash } from "./ids.ts";
import type { Entity } from "./store.ts";

interface Held {
  readonly key: Entity;
  /** The end of a rotated secret, in milliseconds since the epoch. */
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

  /** The key resource of a secret that is valid at `now`; undefined where there is none. */
  holder(secret: string, now: number): Entity | undefined {
    const held = this.#held.get(secret);
    if (!held || held.key.archived || (held.until !== undefined && now >= held.until)) return undefined;
    const expiry = held.key.fields["expires_at"];
    return typeof expiry === "string" && (readTime(expiry) ?? Infinity) <= now ? undefined : held.key;
  }

  /** The masked secret for answers. */
  masked(key: Entity): string {
    const secrets = [...this.#held].filter(([, held]) => held.key === key).map(([secret]) => secret);
    return `pk-***${secrets.at(-1)?.slice(-4) ?? shortHash(key.id, 4)}`;
  }

  clear(): void {
    this.#held.clear();
  }
}
