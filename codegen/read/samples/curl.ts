/** Parses the request of a curl command in the document's code samples. */

export interface CurlRequest {
  readonly query: ReadonlySet<string>;
  /** The JSON body, or undefined if there is no body or it is not JSON. */
  readonly body: unknown;
}

export function requestOfCurl(source: string): CurlRequest | undefined {
  if (!/^\s*curl\b/.test(source)) return undefined;
  const address = /https?:\/\/[^\s'"\\]+|SELF_HOSTED[^\s'"\\]+/.exec(source)?.[0];
  if (address === undefined) return undefined;
  const query = new URLSearchParams(address.split("?")[1] ?? "");
  return { query: new Set(query.keys()), body: bodyOf(source) };
}

function bodyOf(source: string): unknown {
  const match = /(?:-d|--data|--data-raw|--data-binary|--json)\s+(?:'([\s\S]*?)'(?=\s|$)|"((?:[^"\\]|\\.)*)")/.exec(
    source,
  );
  const text = match?.[1] ?? match?.[2]?.replace(/\\(["\\])/g, "$1");
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
