/** From the first 401 to a tool's result, with the SDK's own OAuth client against a certified provider. */
import {
  auth,
  discoverAuthorizationServerMetadata,
  registerClient,
  UnauthorizedError,
} from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HttpConfig } from "../../../src/config/http-config.ts";
import { Person } from "../oauth-proxy/person.ts";
import { startIdentityProvider, type IdentityProvider } from "./identity-provider.ts";
import { trusting } from "./issuer.ts";
import { serve, type Served } from "./served.ts";
import { freePort } from "../../free-port.ts";

const OTHER = "https://other.example.com/mcp";
const SCOPES = ["portkey:read", "portkey:write"];

let provider: IdentityProvider;
let server: Served;
let address: URL;
let stopped: (() => Promise<unknown>)[] = [];

async function start(more: Partial<HttpConfig> = {}): Promise<void> {
  const port = await freePort();
  address = new URL(`http://127.0.0.1:${port}/mcp`);
  provider = await startIdentityProvider([address.href, OTHER], SCOPES);
  const jwt = trusting({ url: provider.issuer }, address.href, { algorithms: ["RS256"] });
  server = await serve(
    { port, auth: jwt, ...more },
    {
      answer: ({ method }) =>
        method === "GET" ? { data: [{ id: "pp-1", name: "greeting" }], total: 1 } : { id: "col-1", slug: "col-1" },
    },
  );
  stopped = [() => server.stop(), () => provider.close()];
}

beforeEach(() => start());
afterEach(async () => {
  for (const stop of stopped) await stop();
});

function personOf(name: string): Person {
  const person = new Person(name);
  // Nobody may ask for offline_access here, so that the provider registers nobody who renews tokens.
  person.clientMetadata.grant_types = ["authorization_code"];
  return person;
}

/** Connects, logging in where the server asks for it. */
async function connect(person: Person): Promise<{ client: Client; transport: StreamableHTTPClientTransport }> {
  const first = new StreamableHTTPClientTransport(address, { authProvider: person });
  const client = new Client({ name: "test", version: "1" });
  try {
    await client.connect(first as never);
    return { client, transport: first };
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
    await first.finishAuth(person.code);
  }
  const transport = new StreamableHTTPClientTransport(address, { authProvider: person });
  const again = new Client({ name: "test", version: "1" });
  await again.connect(transport as never);
  return { client: again, transport };
}

describe("a person with the SDK's client", () => {
  it("logs in from the 401 and calls a tool", async () => {
    const person = personOf("alice");
    const { client } = await connect(person);

    const asked = person.asked[0]?.searchParams;
    expect(asked?.get("resource")).toBe(address.href);
    expect(asked?.get("scope")).toBe("portkey:read portkey:write");
    expect(asked?.get("code_challenge_method")).toBe("S256");
    const token = person.tokens()?.access_token ?? "";
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: "RS256", typ: "at+jwt" });
    expect(decodeJwt(token)).toMatchObject({ aud: address.href, sub: "alice", iss: provider.issuer });

    const { tools } = await client.listTools();
    expect(tools.length).toBeGreaterThan(180);
    const result = await client.callTool({ name: "list_prompts", arguments: {} });
    expect(result.isError).not.toBe(true);
    expect(JSON.stringify(result.content)).toContain("greeting");

    const [upstream] = server.portkey.requests;
    expect(upstream?.headers["x-portkey-api-key"]).toBe("pk-server-workspace");
    expect(upstream?.headers.authorization).toBeUndefined();
    expect(JSON.stringify(server.portkey.requests)).not.toContain(token);
    await client.close();
  });

  it("is sent back for the scope that a call needs, and then makes it", async () => {
    const person = await loggedIn("bob", "portkey:read");
    const { client, transport } = await connect(person);

    await expect(client.callTool({ name: "create_collection", arguments: { name: "x" } })).rejects.toBeInstanceOf(
      UnauthorizedError,
    );
    expect(person.asked.at(-1)?.searchParams.get("scope")).toBe("portkey:read portkey:write");
    expect(server.portkey.requests).toEqual([]);

    await transport.finishAuth(person.code);
    const { isError } = await client.callTool({ name: "create_collection", arguments: { name: "x" } });
    expect(isError).not.toBe(true);
    expect(server.portkey.requests).toMatchObject([{ method: "POST", url: "/v1/collections" }]);
    await client.close();
  });

  it("sees only what the token admits", async () => {
    const { client } = await connect(await loggedIn("carol", "portkey:read"));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("list_prompts");
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
    await client.close();
  });

  /** A person whose client may ask for all scopes, and has asked for `scope` alone. */
  async function loggedIn(name: string, scope: string): Promise<Person> {
    const person = personOf(name);
    person.clientMetadata.scope = SCOPES.join(" ");
    await registered(person);
    await auth(person, { serverUrl: address, scope });
    await new StreamableHTTPClientTransport(address, { authProvider: person }).finishAuth(person.code);
    expect(decodeJwt(person.tokens()?.access_token ?? "")).toMatchObject({ scope });
    return person;
  }

  /** Registers the client with all scopes before it asks for any. */
  async function registered(person: Person): Promise<void> {
    const metadata = await discoverAuthorizationServerMetadata(provider.issuer);
    if (metadata === undefined) throw new Error("the provider has no metadata");
    const information = await registerClient(provider.issuer, { metadata, clientMetadata: person.clientMetadata });
    // As discovery spells the issuer, so that the client takes the registration for its own.
    person.saveClientInformation({ ...information, issuer: provider.issuer });
  }
});

describe("a token of the same provider", () => {
  it("for another resource is refused", async () => {
    const person = personOf("dave");
    const { client } = await connect(person);
    await client.close();
    const other = personOf("dave");
    other.validateResourceURL = async () => new URL(OTHER);
    const transport = new StreamableHTTPClientTransport(address, { authProvider: other });
    await auth(other, { serverUrl: address });
    await transport.finishAuth(other.code);
    const token = other.tokens()?.access_token ?? "";
    expect(decodeJwt(token)).toMatchObject({ aud: OTHER, iss: provider.issuer, sub: "dave" });

    const response = await fetch(address, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: "{}",
    });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toContain("The token is not meant for this server (aud).");
  });
});
