/** A client by hand, for what no library would send. */
import { createHash, randomBytes } from "node:crypto";
import type { Browser } from "./browser.ts";
import { REDIRECT } from "./person.ts";

export interface Answer {
  readonly status: number;
  readonly body: Record<string, string>;
}

/** One client, registered where `register` was called. */
export class RawClient {
  readonly verifier = randomBytes(32).toString("base64url");
  readonly challenge = createHash("sha256").update(this.verifier).digest("base64url");
  id = "";

  constructor(readonly base: string) {}

  async post(path: string, form: Readonly<Record<string, string>> | URLSearchParams): Promise<Answer> {
    const response = await fetch(`${this.base}${path}`, { method: "POST", body: new URLSearchParams(form) });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  }

  async register(metadata: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
    const response = await fetch(`${this.base}/oauth/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ client_name: "by hand", redirect_uris: [REDIRECT], ...metadata }),
    });
    const body = (await response.json()) as Record<string, string>;
    this.id = body["client_id"] ?? this.id;
    return { status: response.status, body };
  }

  /** The address of a login; what is given replaces the usual parameters, undefined removes. */
  address(more: Readonly<Record<string, string | undefined>> = {}): URL {
    const url = new URL(`${this.base}/oauth/authorize`);
    const usual = {
      client_id: this.id,
      redirect_uri: REDIRECT,
      response_type: "code",
      code_challenge: this.challenge,
      code_challenge_method: "S256",
      state: "s",
    };
    for (const [name, value] of Object.entries({ ...usual, ...more })) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return url;
  }

  async code(browser: Browser, person = "alice", more: Readonly<Record<string, string>> = {}): Promise<string> {
    const back = await browser.logIn(this.address(more), person, more["redirect_uri"] ?? REDIRECT);
    return back.searchParams.get("code") ?? "";
  }

  redeem(code: string, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.post("/oauth/token", {
      grant_type: "authorization_code",
      code,
      client_id: this.id,
      redirect_uri: REDIRECT,
      code_verifier: this.verifier,
      ...more,
    });
  }

  refresh(token: string, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.post("/oauth/token", {
      grant_type: "refresh_token",
      refresh_token: token,
      client_id: this.id,
      ...more,
    });
  }

  /** The status of a call with a token. */
  async call(token: string, base = this.base): Promise<number> {
    const response = await fetch(`${base}/mcp`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "initialize",
        params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
      }),
    });
    await response.text();
    return response.status;
  }
}
