/** Parameters of OAuth requests. Each may occur once; an empty one counts as absent (RFC 6749, section 3.1). */
export type Parameters = ReadonlyMap<string, string>;

/** What is wrong with a request: an OAuth error code, and a description for people and clients. */
export class OAuthFault extends Error {
  override readonly name = "OAuthFault";

  constructor(
    readonly error: string,
    description: string,
    readonly status = 400,
  ) {
    super(description);
  }
}

/** Throws OAuthFault `invalid_request` where a parameter occurs twice. */
export function parseParameters(pairs: URLSearchParams): Parameters {
  const parameters = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (parameters.has(name)) throw new OAuthFault("invalid_request", `${displayName(name)} is given twice.`);
    parameters.set(name, value);
  }
  return new Map([...parameters].filter(([, value]) => value !== ""));
}

/** The parameters of a POST. Throws OAuthFault `invalid_request` where its body is no form, such as JSON. */
export function parseForm(body: unknown): Parameters {
  if (!(body instanceof URLSearchParams))
    throw new OAuthFault("invalid_request", "The body must be application/x-www-form-urlencoded.");
  return parseParameters(body);
}

/** Throws OAuthFault `invalid_request` where the parameter is missing. */
export function requireParameter(parameters: Parameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined) throw new OAuthFault("invalid_request", `${name} is missing.`);
  return value;
}

/** The parameter's name, where it is harmless in a message. */
function displayName(name: string): string {
  return /^\w{1,40}$/.test(name) ? name : "A parameter";
}
