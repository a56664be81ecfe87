/** Checks whether the issuer can be reached, and has what clients need. */
import type { GatewayConfig, HttpConfig, IssuerConfig, OAuthProxyConfig } from "../../config/http-config.ts";
import type { Finding } from "../doctor-findings.ts";

const ISSUER_MS = 10_000;

/** No findings in modes without an issuer. Loads the code that it needs of the HTTP server. */
export async function checkIssuer({ auth, publicBaseUrl }: HttpConfig): Promise<Finding[]> {
  if (auth.mode === "none" || auth.mode === "bearer") return [];
  if (auth.mode === "oauth-proxy") return checkUpstream(auth, publicBaseUrl ?? "");
  const found = await checkKeys(auth);
  return auth.mode === "portkey-gateway" || found.level === "wrong" ? [found] : [found, ...(await checkLogin(auth))];
}

async function checkKeys({ mode, issuer, jwksUrl, allowPrivate }: IssuerConfig | GatewayConfig): Promise<Finding> {
  const { createKeyLoader } = await import("../../http/auth/key-loader.ts");
  const loader = createKeyLoader({ issuer, jwksUrl, timeoutMs: ISSUER_MS, ...(allowPrivate && { allowPrivate }) });
  await loader.reload();
  const { failure } = loader.loaded;
  if (failure === undefined) return { level: "ok", text: `The keys of ${issuer} are there.` };
  return { level: "wrong", text: `The keys of ${issuer} cannot be had: ${failure.message}`, todo: SETTINGS[mode] };
}

const SETTINGS: Readonly<Record<(IssuerConfig | GatewayConfig)["mode"], string>> = {
  jwt: "Check MCP_JWT_ISSUER (to the letter, as tokens have it in iss), MCP_JWT_JWKS_URL, and the network.",
  clerk: "Check CLERK_ISSUER, CLERK_JWKS_URL, and the network.",
  "portkey-gateway": "Check MCP_GATEWAY_JWKS_URL, and the network.",
};

/** Checks what MCP clients need of an issuer for logins. */
async function checkLogin({ issuer, allowPrivate = false }: IssuerConfig): Promise<Finding[]> {
  const { discoverMetadata } = await import("../../http/auth/discovery.ts");
  const signal = AbortSignal.timeout(ISSUER_MS);
  const metadata = await discoverMetadata(issuer, signal, allowPrivate).catch(() => undefined);
  if (metadata === undefined) {
    const text = `${issuer} has no metadata that names it, so that clients cannot log in there by themselves.`;
    return [{ level: "note", text, todo: "Give clients their tokens, or use MCP_AUTH_MODE=oauth-proxy." }];
  }
  const notes: Finding[] = [];
  const registers = "registration_endpoint" in metadata || metadata["client_id_metadata_document_supported"] === true;
  if (!registers)
    notes.push({
      level: "note",
      text: `${issuer} registers no clients.`,
      todo: "Register each client there, or use MCP_AUTH_MODE=oauth-proxy, where this server does it.",
    });
  return [...notes, ...pkceNote(metadata, issuer)];
}

async function checkUpstream(auth: OAuthProxyConfig, base: string): Promise<Finding[]> {
  const { discoverUpstream } = await import("../../http/oauth-proxy/upstream-metadata.ts");
  const callback: Finding = {
    level: "note",
    text: `The issuer must know the redirect address ${base}/oauth/callback.`,
  };
  try {
    const metadata = await discoverUpstream(auth)();
    const text =
      auth.issuer === null ? "The issuer's addresses are as set." : `The metadata of ${auth.issuer} is there.`;
    return [{ level: "ok", text }, callback, ...(auth.issuer === null ? [] : pkceNote(metadata, auth.issuer))];
  } catch (error) {
    const todo = "Check MCP_OAUTH_ISSUER (to the letter, as its metadata has it), and the network.";
    return [{ level: "wrong", text: (error as Error).message, todo }, callback];
  }
}

function pkceNote(metadata: object, issuer: string): Finding[] {
  const { code_challenge_methods_supported: methods } = metadata as { code_challenge_methods_supported?: unknown };
  if (Array.isArray(methods) && methods.includes("S256")) return [];
  return [
    {
      level: "note",
      text: `${issuer} does not say that it takes PKCE (S256), without which clients refuse to log in.`,
    },
  ];
}
