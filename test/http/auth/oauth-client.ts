/** The SDK's own OAuth client with everything it stores in memory, and a person who logs in when it asks. */
import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from "@modelcontextprotocol/sdk/shared/auth.js";
import { logIn } from "./identity-provider.ts";

const REDIRECT = "http://127.0.0.1:9/callback";

export class PersonsClient implements OAuthClientProvider {
  readonly redirectUrl = REDIRECT;
  readonly clientMetadata: OAuthClientMetadata = {
    client_name: "test client",
    redirect_uris: [REDIRECT],
    grant_types: ["authorization_code"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  };
  /** Every authorization address the client was sent to. */
  readonly asked: URL[] = [];
  /** The code of the last login. */
  code = "";
  #information: OAuthClientInformationMixed | undefined;
  #tokens: OAuthTokens | undefined;
  #verifier = "";

  validateResourceURL?: NonNullable<OAuthClientProvider["validateResourceURL"]>;

  constructor(readonly person: string) {}

  clientInformation() {
    return this.#information;
  }
  saveClientInformation(information: OAuthClientInformationMixed) {
    this.#information = information;
  }
  tokens() {
    return this.#tokens;
  }
  saveTokens(tokens: OAuthTokens) {
    this.#tokens = tokens;
  }
  saveCodeVerifier(verifier: string) {
    this.#verifier = verifier;
  }
  codeVerifier() {
    return this.#verifier;
  }
  async redirectToAuthorization(url: URL) {
    this.asked.push(url);
    const back = await logIn(url, this.person, REDIRECT);
    this.code = back.searchParams.get("code") ?? "";
    if (this.code === "") throw new Error(`The provider refused: ${back.search}`);
  }
}
