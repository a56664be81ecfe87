/** The SDK's own OAuth client with everything it stores in memory, and a person with a browser who logs in. */
import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from "@modelcontextprotocol/sdk/shared/auth.js";
import { Browser } from "./browser.ts";

export const REDIRECT = "http://127.0.0.1:9/callback";

/** A person of this name, with a browser and a client of their own. */
export class Person implements OAuthClientProvider {
  readonly redirectUrl = REDIRECT;
  readonly clientMetadata: OAuthClientMetadata = {
    client_name: "test client",
    redirect_uris: [REDIRECT],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  };
  readonly browser = new Browser();
  readonly asked: URL[] = [];
  /** The answer that the last login came back with. */
  back = new URLSearchParams();
  information: OAuthClientInformationMixed | undefined;
  saved: OAuthTokens | undefined;
  validateResourceURL?: NonNullable<OAuthClientProvider["validateResourceURL"]>;
  #verifier = "";

  constructor(
    readonly name: string,
    information?: OAuthClientInformationMixed,
  ) {
    this.information = information;
  }

  get code(): string {
    return this.back.get("code") ?? "";
  }
  state() {
    return "the client's state";
  }
  clientInformation() {
    return this.information;
  }
  saveClientInformation(information: OAuthClientInformationMixed) {
    this.information = information;
  }
  tokens() {
    return this.saved;
  }
  saveTokens(tokens: OAuthTokens) {
    this.saved = tokens;
  }
  saveCodeVerifier(verifier: string) {
    this.#verifier = verifier;
  }
  codeVerifier() {
    return this.#verifier;
  }
  async redirectToAuthorization(url: URL) {
    this.asked.push(url);
    this.back = (await this.browser.logIn(url, this.name, REDIRECT)).searchParams;
  }
}
