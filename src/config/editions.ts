/**
 * How the editions of the API differ at run time: how each authenticates, and its addresses. Everything else follows
 * from their generated records. No other file distinguishes editions.
 */
import { EDITION_NAMES, MAIN_EDITION, type EditionName } from "../catalog/editions.ts";
import type { Bases, Credentials, ServiceAccount } from "../portkey/port.ts";
import { PORTKEY, type Product } from "../portkey/product.ts";
import { readSettings, type Source } from "./read-settings.ts";
import type { Setting, SettingTable, Values } from "./setting.ts";
import type { SETTINGS } from "./settings.ts";

type Upstream = Values<typeof SETTINGS>;
type UrlSetting = {
  [Name in keyof Upstream]: Name extends `${string}_URL`
    ? Upstream[Name] extends string | null
      ? Name
      : never
    : never;
}[keyof Upstream];

/** One secret or id of a caller's credentials, with its names in headers and policy files. */
export interface CredentialPart {
  readonly place: "workspaceKey" | "adminKey" | "clientId" | "clientSecret" | "tenant";
  /** The header of mode `caller`. */
  readonly header: string;
  /** The member of `keys` in a policy file. */
  readonly member: "workspace" | "admin" | "client_id" | "client_secret" | "tsg_id";
  /** Its name in messages. */
  readonly label: string;
  readonly required: boolean;
}

export interface Edition {
  /** The names of the API and its settings in messages. */
  readonly product: Product;
  readonly urls: readonly UrlSetting[];
  bases(values: Upstream): Bases;
  /** Where service accounts get tokens; null where there are none. */
  tokenUrl(values: Upstream): string | null;
  credentials(values: Upstream): Credentials;
  /** A line that says what is missing; undefined: nothing. */
  missing(values: Upstream): string | undefined;
  /** The settings, by name, with which this server uses a sandbox. */
  settingsFor(standIn: StandIn): Readonly<Record<string, string>>;
  readonly parts: readonly CredentialPart[];
}

/** The addresses of a sandbox, and the credentials that it accepts. */
export interface StandIn {
  readonly bases: Bases;
  readonly tokenUrl: string;
  readonly credentials: { readonly workspaceKey: string; readonly adminKey: string };
  readonly account: ServiceAccount;
}

const PORTKEY_HOST = /(^|\.)portkey\.ai$/;

const portkey: Edition = {
  product: PORTKEY,
  urls: ["PORTKEY_BASE_URL", "PORTKEY_GATEWAY_URL", "PORTKEY_REGISTRY_URL"],
  bases(values) {
    const control = values.PORTKEY_BASE_URL;
    const { hostname, origin } = new URL(control);
    return Object.freeze({
      control,
      gateway: values.PORTKEY_GATEWAY_URL ?? control,
      // The price list is served beside /v1, not below it.
      public: control.replace(/\/v1$/, ""),
      // The key of a self-hosted installation must not be sent to Portkey's registry by default.
      registry: values.PORTKEY_REGISTRY_URL ?? (PORTKEY_HOST.test(hostname) ? "https://mcp.portkey.ai" : origin),
    });
  },
  tokenUrl: () => null,
  credentials: ({ PORTKEY_API_KEY, PORTKEY_ADMIN_API_KEY }) =>
    Object.freeze({
      ...(PORTKEY_API_KEY === null ? {} : { workspaceKey: PORTKEY_API_KEY }),
      ...(PORTKEY_ADMIN_API_KEY === null ? {} : { adminKey: PORTKEY_ADMIN_API_KEY }),
    }),
  missing: ({ PORTKEY_API_KEY, PORTKEY_ADMIN_API_KEY }) =>
    PORTKEY_API_KEY === null && PORTKEY_ADMIN_API_KEY === null
      ? "PORTKEY_API_KEY is not set. Give a Portkey key in PORTKEY_API_KEY (or PORTKEY_ADMIN_API_KEY, or the _FILE " +
        "form of either), or try the tools with --sandbox, which needs none."
      : undefined,
  settingsFor: ({ bases, credentials }) => ({
    PORTKEY_BASE_URL: bases.control,
    PORTKEY_API_KEY: credentials.workspaceKey,
    PORTKEY_ADMIN_API_KEY: credentials.adminKey,
  }),
  parts: [
    {
      place: "workspaceKey",
      header: "x-portkey-api-key",
      member: "workspace",
      label: "Portkey key",
      required: true,
    },
    {
      place: "adminKey",
      header: "x-portkey-admin-api-key",
      member: "admin",
      label: "Portkey key",
      required: false,
    },
  ],
};

const ACCOUNT = ["PRISMA_AIRS_CLIENT_ID", "PRISMA_AIRS_CLIENT_SECRET", "PRISMA_AIRS_TSG_ID"] as const;

const airs: Edition = {
  product: {
    name: "Prisma AIRS",
    credential: "service account",
    base: "PRISMA_AIRS_BASE_URL",
    tokens: "PRISMA_AIRS_AUTH_URL",
  },
  urls: ["PRISMA_AIRS_BASE_URL", "PRISMA_AIRS_GATEWAY_URL", "PRISMA_AIRS_AUTH_URL"],
  bases: ({ PRISMA_AIRS_BASE_URL: tenant, PRISMA_AIRS_GATEWAY_URL: gateway }) =>
    Object.freeze({ control: `${tenant}/v2`, admin: `${tenant}/admin/v2`, tenant, gateway }),
  tokenUrl: ({ PRISMA_AIRS_AUTH_URL }) => PRISMA_AIRS_AUTH_URL,
  credentials(values) {
    const [clientId, clientSecret, tenant] = ACCOUNT.map((name) => values[name]);
    if (!clientId || !clientSecret || !tenant) return Object.freeze({});
    const account = { clientId, clientSecret, tenant, sendsTenant: values.PRISMA_AIRS_SEND_TSG_ID };
    return Object.freeze({ account: Object.freeze(account) });
  },
  missing(values) {
    const names = ACCOUNT.filter((name) => values[name] === null);
    if (names.length === 0) return undefined;
    const are = names.length === 1 ? "is" : "are";
    return (
      `The edition is airs, and ${names.join(", ")} ${are} not set. It needs a service account of the tenant, ` +
      "or --sandbox, which needs none."
    );
  },
  settingsFor: ({ bases, tokenUrl, account }) => ({
    PORTKEY_EDITION: "airs",
    PRISMA_AIRS_BASE_URL: bases.control.replace(/\/v2$/, ""),
    PRISMA_AIRS_GATEWAY_URL: bases.gateway,
    PRISMA_AIRS_AUTH_URL: tokenUrl,
    PRISMA_AIRS_CLIENT_ID: account.clientId,
    PRISMA_AIRS_CLIENT_SECRET: account.clientSecret,
    PRISMA_AIRS_TSG_ID: account.tenant,
  }),
  parts: [
    {
      place: "clientId",
      header: "x-prisma-airs-client-id",
      member: "client_id",
      label: "client id",
      required: true,
    },
    {
      place: "clientSecret",
      header: "x-prisma-airs-client-secret",
      member: "client_secret",
      label: "client secret",
      required: true,
    },
    {
      place: "tenant",
      header: "x-prisma-airs-tsg-id",
      member: "tsg_id",
      label: "tenant service group id",
      required: true,
    },
  ],
};

/** The editions by name, which are the values of `--edition` and PORTKEY_EDITION. */
export const EDITIONS: Readonly<Record<EditionName, Edition>> = { portkey, airs };

/** The edition of a configuration; the main one where it names none. */
export function editionOf({ edition = MAIN_EDITION }: { readonly edition?: EditionName }): Edition {
  return EDITIONS[edition];
}

/** A caller's credentials from their parts, by place. All parts that the edition requires must be present. */
export function credentialsFrom(parts: ReadonlyMap<CredentialPart["place"], string>, sendsTenant = false): Credentials {
  const [clientId, clientSecret, tenant] = (["clientId", "clientSecret", "tenant"] as const).map((place) =>
    parts.get(place),
  );
  const [workspaceKey, adminKey] = [parts.get("workspaceKey"), parts.get("adminKey")];
  return Object.freeze({
    ...(workspaceKey !== undefined && { workspaceKey }),
    ...(adminKey !== undefined && { adminKey }),
    ...(clientId !== undefined &&
      clientSecret !== undefined &&
      tenant !== undefined && { account: { clientId, clientSecret, tenant, sendsTenant } }),
  });
}

/** The edition that the settings name. For an invalid name, adds to `mistakes` and returns the main edition. */
export function readEdition(row: Setting<EditionName>, source: Source, mistakes: string[] = []): EditionName {
  return readSettings({ PORTKEY_EDITION: row }, source, mistakes).PORTKEY_EDITION;
}

/** Settings that are set and belong to another edition: a line for each such edition. */
export function foreignSettings(table: SettingTable, { env, flags }: Source, edition: EditionName): string[] {
  return EDITION_NAMES.filter((other) => other !== edition).flatMap((other) => {
    const names = Object.entries(table)
      .filter(([, row]) => row.edition === other)
      .flatMap(([name, { file }]) => [name, ...(file ? [`${name}_FILE`] : [])])
      .filter((name) => (env[name] ?? flags[name] ?? "").trim() !== "");
    if (names.length === 0) return [];
    const [verb, them] = names.length === 1 ? ["belongs", "it"] : ["belong", "them"];
    const { said, other: change } = howNamed({ env, flags }, edition, other);
    return [`${names.join(", ")} ${verb} to the edition ${other}, and ${said}. Remove ${them}, or ${change}.`];
  });
}

/** What has named the edition, and what would name the other one, in words for a message. */
function howNamed({ env, flags }: Source, edition: EditionName, other: EditionName) {
  if (flags["PORTKEY_EDITION"] !== undefined)
    return { said: `--edition is ${edition}`, other: `give --edition ${other}` };
  const isSet = (env["PORTKEY_EDITION"] ?? "").trim() !== "";
  return { said: `${isSet ? "PORTKEY_EDITION" : "the edition"} is ${edition}`, other: `set PORTKEY_EDITION=${other}` };
}

/** The source without the settings of other editions, which are not read. */
export function withoutForeign(table: SettingTable, source: Source, edition: EditionName): Source {
  const foreign = Object.entries(table)
    .filter(([, row]) => row.edition !== undefined && row.edition !== edition)
    .flatMap(([name]) => [name, `${name}_FILE`]);
  const env = Object.fromEntries(Object.entries(source.env).filter(([name]) => !foreign.includes(name)));
  return { ...source, env };
}

/** The headers in which callers of any edition give their credentials. */
export const CREDENTIAL_HEADERS: readonly string[] = Object.values(EDITIONS)
  .flatMap(({ parts }) => parts.map(({ header }) => header))
  .sort();
