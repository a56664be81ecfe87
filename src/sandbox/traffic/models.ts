/**
 * The models of the sandbox: their provider, prices and latency.
 */
export interface Model {
  readonly provider: string;
  readonly slug: string;
  /** US dollars per million request and response tokens. */
  readonly dollars: readonly [request: number, response: number];
  /** The usual latency in milliseconds. */
  readonly latency: number;
}

export const models: readonly Model[] = [
  { provider: "openai", slug: "gpt-4o", dollars: [2.5, 10], latency: 1400 },
  { provider: "openai", slug: "gpt-4o-mini", dollars: [0.15, 0.6], latency: 700 },
  { provider: "openai", slug: "o3-mini", dollars: [1.1, 4.4], latency: 3200 },
  { provider: "anthropic", slug: "claude-sonnet-4", dollars: [3, 15], latency: 1900 },
  { provider: "anthropic", slug: "claude-haiku-3-5", dollars: [0.8, 4], latency: 800 },
  { provider: "google", slug: "gemini-2.0-flash", dollars: [0.1, 0.4], latency: 600 },
];

export function findModels(provider: string): Model[] {
  return models.filter((model) => model.provider === provider);
}

/** Removes the noise of binary division. */
const exact = (price: number) => Number(price.toPrecision(6));

/** Prices in US cents per token, as Portkey counts. */
export function centsPerToken({ dollars: [request, response] }: Model): [request: number, response: number] {
  return [exact(request / 10_000), exact(response / 10_000)];
}

/** The cost of a call in US cents; an unknown model has the prices of gpt-4o-mini. */
export function computeCost(slug: string, requestTokens: number, responseTokens: number): number {
  const model = models.find((entry) => entry.slug === slug) ?? models[1];
  const [request, response] = model ? centsPerToken(model) : [0, 0];
  return requestTokens * request + responseTokens * response;
}
