/**
 * What the gateway says about models: their settings and their prices.
 */
import { ApiError } from "../http/api-error.ts";
import { viewOfJson } from "../shapes/views.ts";
import { centsPerToken, modelsOf, type Model } from "../traffic/models.ts";
import type { Handler } from "./call.ts";

function modelAt([provider = "", slug = ""]: readonly string[]): Model {
  const model = modelsOf(provider).find((each) => each.slug === slug);
  if (!model) throw new ApiError(404, `No model ${slug} of the provider ${provider} is known.`);
  return model;
}

export const modelHandlers: Readonly<Record<string, Handler>> = {
  "GET /model-configs/general/{}/{}": (call) => {
    const { provider, slug } = modelAt(call.values);
    return {
      one: viewOfJson(slug, {
        provider,
        model: slug,
        type: { primary: "chat", supported: ["tools"] },
        params: [{ key: "max_tokens", defaultValue: 1024, minValue: 1, maxValue: 16_384 }],
      }),
    };
  },
  "GET /model-configs/pricing/{}/{}": (call) => {
    const model = modelAt(call.values);
    const [request, response] = centsPerToken(model);
    const price = (value: number) => ({ price: value });
    return {
      one: viewOfJson(model.slug, {
        pay_as_you_go: {
          request_token: price(request),
          response_token: price(response),
          cache_write_input_token: price(0),
          cache_read_input_token: price(request / 2),
        },
        currency: "USD",
        calculate: {},
        finetune_config: {},
      }),
    };
  },
};
