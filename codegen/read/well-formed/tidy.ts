/**
 * Makes a document well-formed as far as the generator reads it. Members of the wrong kind are left out and reported;
 * a schema without them only accepts more. Spellings of OpenAPI 3.1 are converted to 3.0.
 */
import { lookUp, methods, type Document } from "../document.ts";
import type { Path } from "../line.ts";
import type { SourceDocument } from "../load.ts";
import type { Note } from "../note.ts";
import { isObject, isText } from "../objects.ts";
import { withPart } from "./beside-reference.ts";
import { withPlainNames } from "./media-types.ts";
import { respell, versionOf } from "./spellings.ts";

export interface Tidied {
  readonly document: Document;
  /** The members that were left out, with the reason. */
  readonly leftOut: readonly Note[];
}

type Reader = (value: unknown, path: Path) => unknown;

/** A copy that the rest of the generator can read without checking the kinds of members. */
export function tidyDocument({ document, placeOf }: SourceDocument): Tidied {
  const leftOut: Note[] = [];
  const say = (path: Path, what: string) => leftOut.push({ at: placeOf(path), what });
  const tidy = new Tidier(document, say);
  const components = isObject(document.components) ? document.components : {};
  return {
    document: {
      ...document,
      openapi: versionOf(String(document.openapi)),
      info: isObject(document.info) ? document.info : {},
      paths: tidy.map(document.paths, ["paths"], tidy.pathItem) as Document["paths"],
      components: tidy.components(components),
    },
    leftOut,
  };
}

const types = new Set(["object", "array", "string", "number", "integer", "boolean"]);
const places = new Set(["path", "query", "header", "cookie"]);
const numberKeywords = [
  "minimum",
  "maximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
];
/** Keywords of JSON Schema 2020-12 that restrict values in ways that the generators here cannot express. */
const restrictingKeywords = ["contains", "propertyNames", "dependentRequired", "dependencies", "contentSchema"];
/** Keywords that identify, locate or close a schema. They do not restrict its known members. */
const silentKeywords = [
  ...["$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "$schema", "$comment", "$defs", "definitions"],
  ...["unevaluatedProperties", "unevaluatedItems", "additionalItems", "minContains", "maxContains"],
];
const switchKeywords = ["nullable", "uniqueItems", "readOnly", "writeOnly", "deprecated"];

/** The sections of `components` that a reference may point to, by the kind of object it stands for. */
const sectionsOf = {
  schema: ["schemas"],
  parameter: ["parameters"],
  body: ["requestBodies", "responses"],
  header: ["headers"],
} as const;

class Tidier {
  readonly #document: Document;
  readonly #say: (path: Path, what: string) => void;

  constructor(document: Document, say: (path: Path, what: string) => void) {
    this.#document = document;
    this.#say = say;
  }

  /** The map with each member read by `reader`. Members that it returns undefined for are left out. */
  map(value: unknown, path: Path, reader: Reader): Record<string, unknown> {
    if (value === undefined) return {};
    if (!isObject(value)) {
      this.#say(path, `${nameOf(path)} is no map`);
      return {};
    }
    const kept = Object.entries(value).flatMap(([name, member]) => {
      const read = name === "__proto__" ? undefined : reader(member, [...path, name]);
      return read === undefined ? [] : [[name, read]];
    });
    return Object.fromEntries(kept) as Record<string, unknown>;
  }

  list(value: unknown, path: Path, reader: Reader): unknown[] {
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.#say(path, `${nameOf(path)} is no list`);
      return [];
    }
    return value.map((item, index) => reader(item, [...path, index])).filter((item) => item !== undefined);
  }

  components(components: Record<string, unknown>): Record<string, Record<string, unknown>> {
    const readers: Readonly<Record<string, Reader>> = {
      schemas: this.schema,
      parameters: this.parameter,
      requestBodies: this.body,
      responses: this.body,
      headers: this.header,
    };
    const sections = Object.entries(components).map(([section, entries]) => [
      section,
      this.map(entries, ["components", section], (value, path) => {
        const read = (readers[section] ?? this.anyObject)(value, path);
        // References to it must resolve: to a schema that accepts all, or a parameter that becomes no argument.
        return read ?? (section === "parameters" ? { name: "unreadable", in: "header" } : {});
      }),
    ]);
    return Object.fromEntries(sections) as Record<string, Record<string, unknown>>;
  }

  anyObject: Reader = (value, path) => this.#object(value, path);

  pathItem: Reader = (value, path) => {
    const item = this.#object(value, path);
    if (!item || !String(path.at(-1)).startsWith("/")) return undefined;
    for (const method of methods) this.#replace(item, path, method, this.operation);
    return this.#withLists(item, path);
  };

  operation: Reader = (value, path) => {
    const operation = this.#object(value, path);
    if (!operation) return undefined;
    this.#replace(operation, path, "operationId", (id) => (isText(id) ? id : undefined));
    this.#replace(operation, path, "requestBody", this.body);
    operation["responses"] = this.map(operation["responses"], [...path, "responses"], this.body);
    return this.#withLists(operation, path);
  };

  #withLists(holder: Record<string, unknown>, path: Path): Record<string, unknown> {
    this.#replace(holder, path, "servers", (servers, at) => this.list(servers, at, this.server));
    this.#replace(holder, path, "parameters", (parameters, at) => this.list(parameters, at, this.parameter));
    return holder;
  }

  /** Replaces a member by the result of `reader`. If that is undefined, the member is removed. */
  #replace(holder: Record<string, unknown>, path: Path, name: string, reader: Reader): void {
    if (!(name in holder)) return;
    const read = reader(holder[name], [...path, name]);
    if (read === undefined) Reflect.deleteProperty(holder, name);
    else holder[name] = read;
  }

  server: Reader = (value, path) => {
    const server = this.#object(value, path);
    if (server && isText(server["url"])) return server;
    this.#say(path, "a server without an address");
    return undefined;
  };

  parameter: Reader = (value, path) => {
    const parameter = this.#object(value, path);
    if (!parameter) return undefined;
    if (isText(parameter["$ref"])) return this.#reference(parameter["$ref"], path, "parameter");
    const { name, in: place } = parameter;
    if (!isText(name) || name === "" || !isText(place) || !places.has(place)) {
      this.#say(path, `a parameter whose name or place is no text that OpenAPI knows`);
      return undefined;
    }
    this.#replace(parameter, path, "schema", this.schema);
    this.#replace(parameter, path, "content", this.anyObject);
    return parameter;
  };

  /** A request body or a response: both hold content by media type. */
  body: Reader = (value, path) => {
    const body = this.#object(value, path);
    if (!body) return undefined;
    if (isText(body["$ref"])) return this.#reference(body["$ref"], path, "body");
    this.#replace(body, path, "content", (content, at) => withPlainNames(this.map(content, at, this.media)));
    this.#replace(body, path, "headers", (headers, at) => this.map(headers, at, this.header));
    return body;
  };

  /** A response's header: a schema, with no name or place of its own. */
  header: Reader = (value, path) => {
    const header = this.#object(value, path);
    if (!header) return undefined;
    if (isText(header["$ref"])) return this.#reference(header["$ref"], path, "header");
    this.#replace(header, path, "schema", this.schema);
    return header;
  };

  /** The reference unchanged, or undefined if its target is of another kind. */
  #reference(ref: string, path: Path, kind: keyof typeof sectionsOf): { $ref: string } | undefined {
    const target = lookUp(this.#document, ref);
    if (isObject(target) && mayBe(kind, ref, target)) return { $ref: ref };
    this.#say(path, `${ref} is no ${kind}`);
    return undefined;
  }

  media: Reader = (value, path) => {
    const media = this.#object(value, path);
    if (!media) return undefined;
    this.#replace(media, path, "schema", this.schema);
    return media;
  };

  schema: Reader = (value, path) => {
    if (typeof value === "boolean") return {};
    const given = this.#object(value, path);
    if (!given) return undefined;
    if ("$ref" in given) {
      const whole = isText(given["$ref"]) && withPart(given, this.#document.openapi.startsWith("3.0"));
      if (whole) return this.schema(whole, path);
      if (isText(given["$ref"])) return this.#reference(given["$ref"], path, "schema") ?? {};
      this.#say(path, "a $ref that is no text");
      delete given["$ref"];
    }
    const schema = respell(given);
    this.#dropUnread(schema, path);
    this.#tidyTypes(schema, path);
    this.#tidyValues(schema, path);
    this.#tidyParts(schema, path);
    return schema;
  };

  /** Drops keywords that 3.0 does not have. Components that only they refer to are then dropped too. */
  #dropUnread(schema: Record<string, unknown>, path: Path): void {
    for (const keyword of restrictingKeywords)
      if (keyword in schema) this.#say([...path, keyword], `${keyword} of ${nameOf(path)} is not checked`);
    for (const keyword of [...restrictingKeywords, ...silentKeywords]) Reflect.deleteProperty(schema, keyword);
  }

  #tidyTypes(schema: Record<string, unknown>, path: Path): void {
    this.#keep(schema, path, "type", (type) => types.has(String(type)));
    this.#keep(schema, path, "format", isText);
  }

  #tidyValues(schema: Record<string, unknown>, path: Path): void {
    this.#keep(schema, path, "enum", (values) => Array.isArray(values) && values.length > 0);
    this.#keep(schema, path, "pattern", isPattern);
    for (const keyword of numberKeywords) this.#keep(schema, path, keyword, (value) => typeof value === "number");
    for (const keyword of switchKeywords) this.#keep(schema, path, keyword, (value) => typeof value === "boolean");
    // Portkey's document has a boolean here, where 3.0 has a list of names. It has no meaning in a schema.
    if (typeof schema["required"] === "boolean") delete schema["required"];
    this.#keep(schema, path, "required", (names) => Array.isArray(names) && names.every(isText));
    for (const keyword of ["exclusiveMinimum", "exclusiveMaximum"])
      this.#keep(schema, path, keyword, (value) => typeof value === "boolean");
    this.#keep(schema, path, "discriminator", isObject);
    this.#replace(schema, path, "discriminator", this.discriminator);
  }

  /** Converts names in the mapping to references. An entry whose schema does not exist is left out. */
  discriminator: Reader = (value, path) => {
    const discriminator = this.#object(value, path);
    if (!discriminator) return undefined;
    this.#replace(discriminator, path, "mapping", (mapping, at) =>
      this.map(mapping, at, (target, place) => {
        const ref = isText(target) && !target.includes("/") ? `#/components/schemas/${target}` : target;
        if (isText(ref) && isObject(lookUp(this.#document, ref))) return ref;
        this.#say(place, `${shortText(target)} of a mapping leads nowhere`);
        return undefined;
      }),
    );
    return discriminator;
  };

  #tidyParts(schema: Record<string, unknown>, path: Path): void {
    if (schema["properties"] !== undefined)
      schema["properties"] = this.map(schema["properties"], [...path, "properties"], this.schema);
    for (const keyword of ["items", "additionalProperties", "not"]) {
      if (!(keyword in schema) || (keyword === "additionalProperties" && typeof schema[keyword] === "boolean"))
        continue;
      this.#replace(schema, path, keyword, this.schema);
    }
    for (const keyword of ["allOf", "oneOf", "anyOf"]) {
      this.#replace(schema, path, keyword, (arms, at) => {
        const read = this.list(arms, at, this.schema);
        return read.length > 0 ? read : undefined;
      });
    }
    if (schema["type"] === "array" && schema["items"] === undefined) schema["items"] = {};
  }

  #keep(schema: Record<string, unknown>, path: Path, keyword: string, isRight: (value: unknown) => boolean): void {
    if (!(keyword in schema) || isRight(schema[keyword])) return;
    this.#say([...path, keyword], `${keyword} ${shortText(schema[keyword])} of ${nameOf(path)}`);
    Reflect.deleteProperty(schema, keyword);
  }

  #object(value: unknown, path: Path): Record<string, unknown> | undefined {
    if (isObject(value)) return { ...value };
    this.#say(path, `${nameOf(path)} is no object`);
    return undefined;
  }
}

/** Whether a target can be of this kind: by its section if it is a component, else by its members. */
function mayBe(kind: keyof typeof sectionsOf, ref: string, target: Readonly<Record<string, unknown>>): boolean {
  const [, root, section] = ref.split("/");
  if (root === "components") return sectionsOf[kind].some((known) => known === section);
  return kind !== "parameter" || isText(target["$ref"]) || (isText(target["name"]) && isText(target["in"]));
}

function isPattern(value: unknown): boolean {
  if (!isText(value)) return false;
  try {
    new RegExp(value);
    return true;
  } catch {
    return false;
  }
}

const nameOf = (path: Path) => path.slice(-2).join(".");

function shortText(value: unknown): string {
  const text = JSON.stringify(value) ?? "";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
