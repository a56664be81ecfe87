/** Finds settings whose value requires another setting that is missing. */
import { isLoopback } from "../base-url.ts";
import type { AuthConfig } from "../http-config.ts";
import type { HTTP_SETTINGS } from "../http-settings.ts";
import type { Values } from "../setting.ts";

type HttpValues = Values<typeof HTTP_SETTINGS>;

interface Need {
  readonly setting: keyof HttpValues;
  /** The value that requires the other setting. */
  readonly value: string;
  readonly needs: keyof HttpValues;
  /** Left out where another mistake contains this text. */
  readonly explainedBy: string;
}

const NEEDS: readonly Need[] = [
  { setting: "MCP_EVENT_STORE", value: "redis", needs: "MCP_REDIS_URL", explainedBy: "REDIS_URL" },
  { setting: "RATE_LIMIT_STORE", value: "redis", needs: "MCP_REDIS_URL", explainedBy: "REDIS_URL" },
  { setting: "MCP_CREDENTIALS", value: "policy", needs: "MCP_POLICY_FILE", explainedBy: "MCP_POLICY_FILE" },
];

/** A line for each, unless one of `mistakes` is the reason. */
export function missingSettings(values: HttpValues, mistakes: readonly string[]): string[] {
  const missing = NEEDS.filter(({ setting, value, needs, explainedBy }) => {
    const isExplained = mistakes.some((line) => line.includes(explainedBy));
    return values[setting] === value && values[needs] === null && !isExplained;
  });
  return missing.map(({ setting, value, needs }) => `${setting} is ${value}, and ${needs} is not set.`);
}

/** A line where others can reach a server without authentication, and no setting allows that. */
export function missingAuthentication(values: HttpValues, { mode }: AuthConfig): string[] {
  const { MCP_HOST: host, MCP_ALLOW_UNAUTHENTICATED_HTTP: isMeant } = values;
  if (mode !== "none" || isLoopback(host) || isMeant) return [];
  return [
    `MCP_HOST is "${host}", which others can reach, and MCP_AUTH_MODE is none. ` +
      "Set MCP_AUTH_MODE to bearer, jwt or another, or MCP_ALLOW_UNAUTHENTICATED_HTTP=true.",
  ];
}
