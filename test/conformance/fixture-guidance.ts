/** The prompts and resources that the conformance suite reads. None of them is part of the product. */
import type { ClientLink } from "../../src/mcp/registry.ts";
import { object, PNG, resource } from "./fixture-contents.ts";

type Json = Readonly<Record<string, unknown>>;
type Args = Readonly<Record<string, string>>;

const user = (content: object) => ({ role: "user", content });
const says = (text: string) => user({ type: "text", text });

export interface FixturePrompt {
  readonly arguments?: readonly string[];
  messages(args: Args, link: ClientLink): readonly object[] | Promise<readonly object[]>;
}

export const FIXTURE_PROMPTS: Readonly<Record<string, FixturePrompt>> = {
  test_simple_prompt: { messages: () => [says("This is a simple prompt for testing.")] },
  test_prompt_with_arguments: {
    arguments: ["arg1", "arg2"],
    messages: ({ arg1, arg2 }) => [says(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  },
  test_prompt_with_embedded_resource: {
    arguments: ["resourceUri"],
    messages: ({ resourceUri = "" }) => [
      user(resource(resourceUri, "text/plain", "Embedded resource content for testing.")),
      says("Please process the embedded resource above."),
    ],
  },
  test_prompt_with_image: {
    messages: () => [
      user({ type: "image", data: PNG, mimeType: "image/png" }),
      says("Please analyze the image above."),
    ],
  },
  test_input_required_result_prompt: {
    messages: async (_args, link) => {
      const form = object({ context: { type: "string" } }, ["context"]);
      const answer = await link.elicit?.("What context should the prompt use?", form);
      return [says(`Use this context: ${answer?.content?.["context"]}`)];
    },
  },
};

/** The fixtures' prompts, as a listing has them. */
export function listFixturePrompts(): readonly object[] {
  return Object.entries(FIXTURE_PROMPTS).map(([name, prompt]) => ({
    name,
    description: `Fixture of the conformance suite: ${name}`,
    arguments: (prompt.arguments ?? []).map((argument) => ({ name: argument, description: argument, required: true })),
  }));
}

const STATIC: Readonly<Record<string, Json>> = {
  "test://static-text": { mimeType: "text/plain", text: "This is the content of the static text resource." },
  "test://static-binary": { mimeType: "image/png", blob: PNG },
  "test://watched-resource": { mimeType: "text/plain", text: "This resource is watched." },
};
const TEMPLATE = /^test:\/\/template\/([^/]+)\/data$/;

export const FIXTURE_TEMPLATES: readonly object[] = [
  { uriTemplate: "test://template/{id}/data", name: "test_template", mimeType: "application/json" },
];

/** The fixtures' resources, as a listing has them. */
export function listFixtureResources(): readonly object[] {
  return Object.entries(STATIC).map(([uri, { mimeType }]) => ({ uri, name: uri, mimeType }));
}

/** The contents of a fixture's resource; undefined for any other URI. */
export function readFixture(uri: string): Json | undefined {
  const known = STATIC[uri];
  if (known !== undefined) return { contents: [{ uri, ...known }] };
  const id = TEMPLATE.exec(uri)?.[1];
  if (id === undefined) return undefined;
  return {
    contents: [
      {
        uri,
        mimeType: "application/json",
        text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
      },
    ],
  };
}
