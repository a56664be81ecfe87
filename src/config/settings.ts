/**
 * The settings of both transports. --help and docs/settings.md are made from this table.
 */
import { EDITION_NAMES, MAIN_EDITION } from "../catalog/editions.ts";
import { splitList } from "../catalog/globs.ts";
import { PROFILES } from "../catalog/policy/profiles.ts";
import { LOG_LEVELS } from "../log/log.ts";
import { bytes, digits, flag, integer, list, namingSomething, oneOf, path, proxy, secret, text, url } from "./kinds.ts";
import type { Kind } from "./setting.ts";
import { optional, setting } from "./setting.ts";

/** Tool names and globs; a comma inside braces belongs to the glob. */
const globs: Kind<readonly string[]> = { label: "list", parse: (raw) => namingSomething(raw, splitList(raw)) };

export const SETTINGS = {
  PORTKEY_EDITION: setting(oneOf(...EDITION_NAMES), MAIN_EDITION, "The edition of the API; airs is beta", {
    flag: "edition",
  }),
  PORTKEY_API_KEY: optional(secret, "Portkey key; a workspace key serves most tools", {
    file: true,
    edition: "portkey",
  }),
  PORTKEY_ADMIN_API_KEY: optional(secret, "Portkey admin key, for the tools that manage the organisation", {
    file: true,
    edition: "portkey",
  }),
  PORTKEY_ADMIN_KEY_FOR: optional(list, "What the admin key may be used for: domains, domain:read, read, or none", {
    shown: "everything",
    protects: true,
    edition: "portkey",
  }),
  PORTKEY_BASE_URL: setting(url, "https://api.portkey.ai/v1", "Portkey's API", { edition: "portkey" }),
  PORTKEY_GATEWAY_URL: optional(url, "Portkey's gateway: renders, completions and log inserts go there", {
    shown: "PORTKEY_BASE_URL",
    edition: "portkey",
  }),
  PORTKEY_REGISTRY_URL: optional(url, "Portkey's MCP registry", {
    shown: "https://mcp.portkey.ai, or PORTKEY_BASE_URL's host",
    edition: "portkey",
  }),
  PRISMA_AIRS_CLIENT_ID: optional(secret, "Client id of a service account", { file: true, edition: "airs" }),
  PRISMA_AIRS_CLIENT_SECRET: optional(secret, "Its client secret", { file: true, edition: "airs" }),
  PRISMA_AIRS_TSG_ID: optional(digits, "The tenant: the id of its tenant service group", { edition: "airs" }),
  PRISMA_AIRS_SEND_TSG_ID: setting(
    flag,
    false,
    "Send x-tsg-id with every request: accounts differ on whether it must",
    {
      edition: "airs",
    },
  ),
  PRISMA_AIRS_BASE_URL: setting(
    url,
    "https://api.apps.paloaltonetworks.com/ai_gw",
    "Prisma AIRS: the address above /v2 and /admin/v2",
    { edition: "airs" },
  ),
  PRISMA_AIRS_GATEWAY_URL: setting(url, "https://aigw.portkey.ai/v1", "Prisma AIRS: the gateway, which serves logs", {
    edition: "airs",
  }),
  PRISMA_AIRS_AUTH_URL: setting(
    url,
    "https://auth.apps.paloaltonetworks.com/oauth2/access_token",
    "Prisma AIRS: where tokens are asked for",
    { edition: "airs" },
  ),
  PORTKEY_ALLOW_PRIVATE_BASE_URL: setting(flag, false, "Allow a loopback or private address as one of the URLs above"),
  PORTKEY_ALLOW_INSECURE_HTTP: setting(flag, false, "Allow plain http for one of the URLs above"),
  PORTKEY_TIMEOUT_MS: setting(integer(1, 3_600_000), 60_000, "Milliseconds that one request to Portkey may take", {
    to: "timeoutMs",
  }),
  PORTKEY_MAX_RETRIES: setting(integer(0, 10), 3, "Retries of a request that is safe to repeat", { to: "maxRetries" }),
  PORTKEY_MAX_RESULT_BYTES: setting(bytes, 40_000, "Longer results are cut between items, with a note", {
    to: "maxResultBytes",
  }),
  PORTKEY_UNKNOWN_FIELDS: setting(
    oneOf("send", "refuse"),
    "send",
    "A field that Portkey's document lacks: send it with a warning, or refuse it",
    { to: "unknownFields" },
  ),
  PORTKEY_VERIFY_WRITES: setting(
    oneOf("auto", "off"),
    "auto",
    "Read again what an update wrote that Portkey answers with nothing",
  ),
  PORTKEY_TOOL_DOMAINS: optional(list, "Only the tools of these domains", {
    flag: "domains",
    shown: "all",
    protects: true,
  }),
  PORTKEY_TOOLS: optional(globs, "Only these tools: names and globs, ! excludes", {
    flag: "tools",
    shown: "all",
    protects: true,
  }),
  PORTKEY_READ_ONLY: setting(flag, false, "Only tools that change nothing", { flag: "read-only", protects: true }),
  PORTKEY_PROFILE: optional(oneOf(...Object.keys(PROFILES)), "A short list of tools, for clients that take few", {
    flag: "profile",
    shown: "all tools",
    protects: true,
  }),
  PORTKEY_DISCOVER: setting(flag, false, "List five tools that find and call the others", { flag: "discover" }),
  PORTKEY_CONFIRM: setting(
    oneOf("auto", "always", "never"),
    "auto",
    "Ask before destructive tools: where the client can, always, never",
    { flag: "confirm", protects: true },
  ),
  MCP_ELICIT_TIMEOUT_MS: setting(
    integer(1_000, 3_600_000),
    120_000,
    "Milliseconds that a person has to answer a question; after that the call ends without a yes",
  ),
  PORTKEY_METADATA_REQUIRED: optional(text, "Metadata that run_prompt_completion refuses to go without, by comma", {
    shown: "none; validate_completion_metadata asks for client_id,app,env",
    protects: true,
    edition: "portkey",
  }),
  PORTKEY_METADATA_ALLOWED_APPS: optional(text, "Values allowed as app in completion metadata, comma separated", {
    shown: "any",
    protects: true,
    edition: "portkey",
  }),
  PORTKEY_METADATA_ALLOWED_ENVS: optional(text, "Values allowed as env in completion metadata, comma separated", {
    shown: "any",
    protects: true,
    edition: "portkey",
  }),
  PORTKEY_METADATA_ALLOWED_CLIENTS: optional(
    text,
    "Values allowed as client_id in completion metadata, comma separated",
    { shown: "any", protects: true, edition: "portkey" },
  ),
  HTTPS_PROXY: optional(proxy, "Proxy for requests to https addresses: http://user:password@host:port", {
    also: ["https_proxy"],
    shown: "HTTP_PROXY",
  }),
  HTTP_PROXY: optional(proxy, "Proxy for requests to http addresses", { also: ["http_proxy"] }),
  NO_PROXY: optional(
    text,
    "Hosts reached without a proxy, by comma: names with their subdomains, addresses, ranges, *",
    {
      also: ["no_proxy"],
    },
  ),
  PORTKEY_SANDBOX_SEED: optional(path, "JSON or YAML file of what the sandbox starts with", {
    flag: "seed",
    shown: "built in",
  }),
  LOG_LEVEL: setting(oneOf(...LOG_LEVELS), "info", "Least level of the JSON lines on stderr", { to: "logLevel" }),
  MCP_TRANSPORT: optional(oneOf("stdio", "http"), "What the default command starts", { shown: "stdio" }),
} as const;
