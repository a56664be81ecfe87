/**
 * Models of the gateway: their settings and their prices.
 */
import { ApiError } from "../http/api-error.ts";
import { createJsonView } from "../shapes/views.ts";
import { centsPerToken, models, findModels, type Model } from "../traffic/models.ts";
import type { Call, Handler } from "./call.ts";

function findModel([provider = "", slug = ""]: readonly string[]): Model {
  const model = findModels(provider).find((entry) => entry.slug === slug);
  if (!model) throw new ApiError(404, `No model ${slug} of the provider ${provider} is known.`);
  return model;
}

/** The model by its slug; throws 404 for unknown and for deleted ones. */
function findServedModel({ values: [slug = ""], world }: Call): Model {
  const model = models.find((entry) => entry.slug === slug);
  if (!model || deletedModels(world).has(slug)) throw new ApiError(404, `No model ${slug} is known.`);
  return model;
}

function deletedModels(world: Call["world"]) {
  return world.store.changes("deleted models");
}

export const modelHandlers: Readonly<Record<string, Handler>> = {
  "GET /models/{}": (call) => {
    const { slug, provider } = findServedModel(call);
    return { one: createJsonView(slug, { id: slug, object: "model", created: 1_735_689_600, owned_by: provider }) };
  },
  "DELETE /models/{}": (call) => {
    const { slug } = findServedModel(call);
    deletedModels(call.world).set(slug, null);
    return { one: createJsonView(slug, { id: slug, object: "model", deleted: true }) };
  },
  "GET /model-configs/general/{}/{}": (call) => {
    const { provider, slug } = findModel(call.values);
    return {
      one: createJsonView(slug, {
        provider,
        model: slug,
        type: { primary: "chat", supported: ["tools"] },
        params: [{ key: "max_tokens", defaultValue: 1024, minValue: 1, maxValue: 16_384 }],
      }),
    };
  },
  "GET /model-configs/pricing/{}/{}": (call) => {
    const model = findModel(call.values);
    const [request, response] = centsPerToken(model);
    const price = (value: number) => ({ price: value });
    return {
      one: createJsonView(model.slug, {
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
