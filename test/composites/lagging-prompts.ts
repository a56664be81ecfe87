/**
 * A stand-in for one prompt or partial at Portkey, with what its live API is known for: reads behind a write, somebody
 * else's version saved at the same time, a model put into the parameters, a key's id turned into its slug, a raw flag
 * that every new version must say.
 */
import type { Answers } from "./fake-context.ts";
import { PortkeyMcpError } from "../../src/errors/errors.ts";

type Json = Readonly<Record<string, unknown>>;

export interface LaggingOptions {
  /** So many reads after a write answer what was before it. */
  readonly behind?: number;
  /** Saved by somebody else right after each write of ours. */
  readonly stranger?: Json;
  /** Answers to writes name no version. */
  readonly silent?: boolean;
  /** The prompt's first version; without it, there is no prompt yet. */
  readonly first?: Json;
  /** Ignores the raw flag at creation, as older versions do. */
  readonly forgetsRaw?: boolean;
}

interface State {
  readonly versions: readonly { readonly id: string; readonly number: number; readonly content: Json }[];
  readonly published: number;
}

export const KEY = { id: "5b4bfe12-8c5f-4a70-9e2d-0f6f3f1f9a01", slug: "openai-dev" };

/** One prompt whose reads are behind its writes, as the options say. */
export class LaggingPrompts {
  readonly writes: { readonly tool: string; readonly args: Json }[] = [];
  #state: State = { versions: [], published: 0 };
  #before: State = this.#state;
  #behind = 0;
  readonly #options: LaggingOptions;

  constructor(options: LaggingOptions = {}) {
    this.#options = options;
    if (options.first !== undefined)
      this.#state = this.#before = { ...saved(this.#state, options.first), published: 1 };
  }

  /** The number of the version that is live in truth. */
  get live(): number {
    return this.#state.published;
  }

  textOf(number: number): unknown {
    return this.#state.versions.find((version) => version.number === number)?.content["string"];
  }

  readonly answers: Answers = {
    list_prompts: () => ({ data: this.#read().versions.length > 0 ? [ROW] : [] }),
    list_prompt_versions: () => this.#read().versions.map(({ id, number }) => ({ id, prompt_version: number })),
    get_prompt: () => this.#view(this.#read(), this.#read().published),
    get_prompt_version: (args: Json) => this.#view(this.#read(), args["version_id"]),
    list_providers: { data: [KEY] },
    list_virtual_keys: { data: [] },
    create_prompt: (args: Json) => {
      const id = this.#save("create_prompt", args, {
        ...args,
        ...(this.#options.forgetsRaw && { is_raw_template: 0 }),
      });
      this.#state = { ...this.#state, published: 1 };
      return { id: ROW.id, slug: ROW.slug, ...(!this.#options.silent && { version_id: id }) };
    },
    update_prompt: (args: Json) => {
      if (args["is_raw_template"] === undefined && args["patch"] !== true)
        throw new PortkeyMcpError("PORTKEY", "400: is_raw_template is required", { status: 400 });
      const id = this.#save("update_prompt", args, { ...args, template_metadata: args["prompt_metadata"] });
      return { id: ROW.id, slug: ROW.slug, ...(!this.#options.silent && { prompt_version_id: id }) };
    },
    publish_prompt: (args: Json) => {
      this.#write("publish_prompt", args, (state) => ({ ...state, published: args["version"] as number }));
      return {};
    },
  };

  /** The same as a partial, which spells it otherwise. */
  readonly partialAnswers: Answers = {
    list_partial_versions: () => ({
      data: this.#read().versions.map(({ id, number }) => ({ prompt_partial_version_id: id, version: String(number) })),
    }),
    get_prompt_partial: () => ({ version: this.#read().published }),
    publish_partial: (args: Json) => {
      this.#write("publish_partial", args, (state) => ({ ...state, published: args["version"] as number }));
      return {};
    },
  };

  /** Somebody else's write, which reads do not show at once either. */
  saveElsewhere(content: Json): void {
    this.#write("elsewhere", content, (state) => saved(state, content));
    this.writes.pop();
  }

  publishElsewhere(number: number): void {
    this.#write("elsewhere", {}, (state) => ({ ...state, published: number }));
    this.writes.pop();
  }

  #save(tool: string, args: Json, content: Json): string {
    this.#write(tool, args, (state) => saved(state, content));
    const id = this.#state.versions.at(-1)?.id as string;
    if (this.#options.stranger) this.#state = saved(this.#state, this.#options.stranger);
    return id;
  }

  #write(tool: string, args: Json, change: (state: State) => State): void {
    this.writes.push({ tool, args });
    this.#before = this.#state;
    this.#behind = this.#options.behind ?? 0;
    this.#state = change(this.#state);
  }

  #read(): State {
    if (this.#behind <= 0) return this.#state;
    this.#behind -= 1;
    return this.#before;
  }

  #view({ versions }: State, wanted: unknown): Json {
    const found = versions.find(({ id, number }) => id === wanted || number === Number(wanted));
    if (found === undefined) throw new PortkeyMcpError("PORTKEY", "404: no such version", { status: 404 });
    return { ...ROW, ...found.content, prompt_version: found.number, prompt_version_id: found.id };
  }
}

const ROW = { id: "p1", slug: "pp-greet", name: "greet", collection_id: "support-dev" };

/** As the live API stores it. */
function saved(
  state: State,
  { string, parameters, model, virtual_key, is_raw_template, template_metadata }: Json,
): State {
  const number = state.versions.length + 1;
  const content = {
    string,
    parameters: { ...(parameters as Json), ...(model !== undefined && { model }) },
    model,
    virtual_key: virtual_key === KEY.id ? KEY.slug : virtual_key,
    is_raw_template: is_raw_template === 1,
    template_metadata,
  };
  return { ...state, versions: [...state.versions, { id: `v${number}`, number, content }] };
}
