/** Keeps logins, codes and grants in Redis, encrypted and bound to their key: they cannot be read there, or moved. */
import { createSeal } from "../events/seal.ts";
import { isWrongType, runPipeline, type RedisLink } from "../redis/link.ts";
import type { Kind, Store } from "./store.ts";

/** `key`: 32 bytes that all instances share. */
export function createRedisStore(link: RedisLink, key: Uint8Array): Store {
  const seal = createSeal(key);
  const placeOf = (kind: Kind, name: string) => `${link.prefix}:oauth:${kind}:${name}`;
  const open = (sealed: unknown, place: string): unknown => {
    const text = typeof sealed === "string" ? seal.open(sealed, place) : undefined;
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  };
  return {
    async put(kind, name, value, ttlMs) {
      const place = placeOf(kind, name);
      const sealed = seal.close(JSON.stringify(value), place);
      await link.run((redis) => redis.set(place, sealed, "PX", Math.max(1, Math.round(ttlMs))));
    },
    async get(kind, name) {
      const place = placeOf(kind, name);
      return open(await unlessStrange(link.run((redis) => redis.get(place))), place);
    },
    async take(kind, name) {
      const place = placeOf(kind, name);
      const taken = link.run((redis) => runPipeline(redis.multi().get(place).del(place)));
      return open((await unlessStrange(taken))?.[0], place);
    },
    async remove(kind, name) {
      await link.run((redis) => redis.del(placeOf(kind, name)));
    },
  };
}

/** A value of another type is nobody's login: it counts as absent, like one that does not open. */
async function unlessStrange<Value>(read: Promise<Value>): Promise<Value | undefined> {
  try {
    return await read;
  } catch (error) {
    if (isWrongType(error)) return undefined;
    throw error;
  }
}
