/** The kind of a Redis address. */
import { secretText } from "../kinds.ts";
import type { Kind } from "../setting.ts";

const REDIS_URL = /^(rediss?|rediss?\+(sentinel|cluster)):\/\/[^\s/]+/;

/** One address, or a comma-separated list of the nodes of a cluster or of sentinels. May hold a password. */
export const redisUrl: Kind<string> = {
  ...secretText,
  parse(raw) {
    const url = secretText.parse(raw);
    if (!REDIS_URL.test(url))
      throw new Error("must start with redis://, rediss://, redis+sentinel:// or redis+cluster:// and name a host.");
    return url;
  },
};
