/** Collects the samples of requests and responses in a document. */
import {
  operationsOf,
  parametersOf,
  resolve,
  type Body,
  type Document,
  type Operation,
  type Schema,
} from "../document.ts";
import { isObject, isText } from "../objects.ts";
import { requestOfCurl } from "./curl.ts";

export interface Sample {
  readonly at: string;
  /** `shown`: the body of a code sample, written by hand. The other kinds come from `example` and `examples`. */
  readonly kind: "body" | "shown" | "answer" | "parameter";
  readonly schema: Schema;
  readonly value: unknown;
}

/** A whole request of a code sample, with its query parameters. */
export interface ShownRequest {
  readonly at: string;
  readonly operation: Operation;
  /** The names of its query parameters. */
  readonly query: ReadonlySet<string>;
}

export interface Samples {
  readonly samples: readonly Sample[];
  readonly requests: readonly ShownRequest[];
}

export function samplesOf(document: Document): Samples {
  const samples: Sample[] = [];
  const requests: ShownRequest[] = [];
  for (const { method, path, item, operation } of operationsOf(document)) {
    const at = `${method.toUpperCase()} ${path}`;
    for (const parameter of parametersOf(document, item, operation)) {
      if (!parameter.schema) continue;
      for (const value of examplesIn(parameter))
        samples.push({
          at: `${at} ${parameter.name}`,
          kind: "parameter",
          schema: parameter.schema,
          value: asWritten(resolve(document, parameter.schema), value),
        });
    }
    samples.push(...bodySamples(document, operation.requestBody, at, "body"));
    for (const [status, answer] of Object.entries(operation.responses))
      if (status.startsWith("2")) samples.push(...bodySamples(document, answer, `${at} answer`, "answer"));
    const pathNames = new Set(path.match(/(?<=\{)[^}]+/g));
    const shown = shownRequests(operation);
    const schema = operation.requestBody && jsonOf(document, operation.requestBody)?.schema;
    for (const { query, body } of shown) {
      requests.push({ at, operation, query });
      if (schema && isObject(body))
        samples.push({ at: `${at} request shown`, kind: "shown", schema, value: withoutNames(body, pathNames) });
    }
  }
  return { samples, requests };
}

/** A parameter's sample. Text is parsed as JSON if the schema has another type: in a URL both are the same. */
function asWritten({ type }: Schema, value: unknown): unknown {
  if (typeof value !== "string" || type === undefined || type === "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** A sample body without path parameters: some code samples repeat them in the body. */
function withoutNames(body: Record<string, unknown>, names: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.has(name)));
}

function bodySamples(document: Document, body: Body | undefined, at: string, kind: "body" | "answer"): Sample[] {
  const media = body && jsonOf(document, body);
  if (!media?.schema) return [];
  const values = [...examplesIn(media), ...examplesIn(resolve(document, media.schema))];
  return values.map((value) => ({ at, kind, schema: media.schema as Schema, value }));
}

function jsonOf(document: Document, body: Body): (Record<string, unknown> & { schema?: Schema }) | undefined {
  return resolve(document, body).content?.["application/json"] as { schema?: Schema } | undefined;
}

/** The values of `example` and of all `examples`. JSON in a string is parsed. */
function examplesIn(holder: Readonly<Record<string, unknown>>): unknown[] {
  const named = isObject(holder["examples"]) ? Object.values(holder["examples"]) : [];
  const values = named.flatMap((example) => (isObject(example) && "value" in example ? [example["value"]] : []));
  return "example" in holder ? [holder["example"], ...values] : values;
}

function shownRequests(operation: Operation): { query: ReadonlySet<string>; body: unknown }[] {
  const shown: unknown[] = ["x-code-samples", "x-codeSamples"].flatMap((name) => operation[name] ?? []);
  return shown.flatMap((sample) => {
    const source = isObject(sample) ? sample["source"] : undefined;
    const request = isText(source) ? requestOfCurl(source) : undefined;
    return request ? [request] : [];
  });
}
