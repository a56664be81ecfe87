/** Parameters of OAuth requests: each at most once (RFC 6749, section 3.1), an empty one as if it were not there. */
export type Parameters = ReadonlyMap<string, string>;

/** What is wrong with a request, in OAuth's words; the description is fit for people and clients. */
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

/** Throws OAuthFault `invalid_request` where one is given twice. */
export function parametersOf(given: URLSearchParams): Parameters {
  const parameters = new Map<string, string>();
  for (const [name, value] of given) {
    if (parameters.has(name)) throw new OAuthFault("invalid_request", `${shown(name)} is given twice.`);
    parameters.set(name, value);
  }
  return new Map([...parameters].filter(([, value]) => value !== ""));
}

/** Throws OAuthFault `invalid_request` where it is not there. */
export function requireParameter(parameters: Parameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined) throw new OAuthFault("invalid_request", `${name} is missing.`);
  return value;
}

function shown(name: string): string {
  return /^\w{1,40}$/.test(name) ? name : "A parameter";
}
