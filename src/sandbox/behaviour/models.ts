/**
 * What the gateway says about models: their settings and their prices.
 */
import { ApiError } from "../http/api-error.ts";
import { viewOfJson } from "../shapes/views.ts";
import { centsPerToken, models, modelsOf, type Model } from "../traffic/models.ts";
import type { Call, Handler } from "./call.ts";

function modelAt([provider = "", slug = ""]: readonly string[]): Model {
  const model = modelsOf(provider).find((each) => each.slug === slug);
  if (!model) throw new ApiError(404, `No model ${slug} of the provider ${provider} is known.`);
  return model;
}

/** The gateway's own, but for those that were deleted. */
function servedModel({ values: [slug = ""], world }: Call): Model {
  const model = models.find((each) => each.slug === slug);
  if (!model || deletedIn(world).has(slug)) throw new ApiError(404, `No model ${slug} is known.`);
  return model;
}

function deletedIn(world: Call["world"]) {
  return world.store.changes("deleted models");
}

export const modelHandlers: Readonly<Record<string, Handler>> = {
  "GET /models/{}": (call) => {
    const { slug, provider } = servedModel(call);
    return { one: viewOfJson(slug, { id: slug, object: "model", created: 1_735_689_600, owned_by: provider }) };
  },
  "DELETE /models/{}": (call) => {
    const { slug } = servedModel(call);
    deletedIn(call.world).set(slug, null);
    return { one: viewOfJson(slug, { id: slug, object: "model", deleted: true }) };
  },
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
