/**
 * Versioned resources: the fields of a version, their names in answers, and whether a new version is live at once.
 * Prompts and partials must be published; configs and guardrails are live at once.
 */
import { ownMember } from "../../catalog/json.ts";
import { asObject, type Json } from "../json.ts";
import type { View } from "../shapes/shape.ts";
import type { Entity, Version } from "../state/store.ts";
import type { World } from "../state/world.ts";

interface Versioning {
  /** Body fields that belong to a version; the others belong to the resource. */
  readonly content: readonly string[];
  /** Content fields whose change makes a new version; other ones are changed in the newest version. */
  readonly versioned: readonly string[];
  readonly liveAtOnce: boolean;
  /** Fields of the resource in answers that describe the version. */
  readonly facts: (version: Version, status: string) => Json;
  /** The version's entry in the list of versions. */
  readonly entry: (version: Version, status: string, entity: Entity) => Json;
}

const templateFields = [
  "string",
  "parameters",
  "model",
  "functions",
  "tools",
  "tool_choice",
  "is_raw_template",
  "template_metadata",
] as const;

const versionings: Readonly<Record<string, Versioning>> = {
  "/prompts": {
    content: [...templateFields, "virtual_key", "version_description", "label_id"],
    versioned: templateFields,
    liveAtOnce: false,
    facts: ({ id, number, content }, status) => ({
      parameters: answeredParameters(content),
      is_raw_template: content["is_raw_template"] ?? 0,
      prompt_version: number,
      prompt_version_id: id,
      prompt_version_status: status,
      prompt_version_description: content["version_description"],
      prompt_version_label_id: content["label_id"],
      version_id: id,
    }),
    entry: ({ id, number, createdAt, content }, status, entity) => ({
      id,
      prompt_id: entity.id,
      prompt_template: {
        ...pick(content, [...templateFields, "virtual_key"]),
        parameters: answeredParameters(content),
      },
      prompt_version: number,
      prompt_description: content["version_description"],
      label_id: content["label_id"],
      created_at: createdAt,
      status,
      object: "prompt",
    }),
  },
  "/prompts/partials": {
    content: ["string", "version_description"],
    versioned: ["string"],
    liveAtOnce: false,
    facts: ({ id, number }, status) => ({
      version: number,
      version_id: id,
      prompt_partial_version_id: id,
      prompt_partial_version_status: status,
    }),
    entry: ({ id, number, createdAt, content }, status, entity) => ({
      prompt_partial_id: entity.id,
      prompt_partial_version_id: id,
      slug: entity.fields["slug"],
      version: number,
      string: content["string"],
      description: content["version_description"],
      created_at: createdAt,
      prompt_version_status: status,
      object: "partial",
    }),
  },
  "/configs": {
    content: ["config"],
    versioned: ["config"],
    liveAtOnce: true,
    // The live API sends a config's body as JSON text, in the list of versions and on its own.
    facts: ({ id, content }) => ({
      version_id: id,
      config: JSON.stringify(content["config"] ?? {}),
      format: "json",
      type: "ORG_CONFIG",
    }),
    entry: ({ id, createdAt, content }, _status, entity) => ({
      ...entity.fields,
      id: entity.id,
      created_at: createdAt,
      config: JSON.stringify(content["config"] ?? {}),
      format: "json",
      type: "ORG_CONFIG",
      version_id: id,
      object: "config",
    }),
  },
  "/guardrails": {
    content: ["checks", "actions"],
    versioned: ["checks", "actions"],
    liveAtOnce: true,
    facts: ({ id }) => ({ version_id: id }),
    entry: ({ id, createdAt, content }, status) => ({ id, created_at: createdAt, status, ...content }),
  },
};

/** The parameters in answers: Portkey adds the prompt's model to them. */
function answeredParameters({ parameters, model }: Json): Json {
  return { ...asObject(parameters), ...(typeof model === "string" && model !== "" && { model }) };
}

export function isVersioned(kind: string): boolean {
  return ownMember(versionings, kind) !== undefined;
}

/** Whether a body makes a new version. */
export function changesVersion(kind: string, body: Json): boolean {
  return ownMember(versionings, kind)?.versioned.some((name) => body[name] !== undefined) ?? false;
}

/** Removes the version's fields from `fields` and returns them. */
export function takeContent(kind: string, fields: Json): Json {
  const names = ownMember(versionings, kind)?.content ?? [];
  const content = pick(fields, names);
  for (const name of names) Reflect.deleteProperty(fields, name);
  return content;
}

/** Adds a version, and publishes it if it is the first or its kind is live at once. */
export function addVersion(world: World, entity: Entity, content: Json): Version {
  const number = entity.versions.length + 1;
  const version = { id: world.nextId(`${entity.id} version`), number, createdAt: world.timestamp(), content };
  entity.versions.push(version);
  if (number === 1 || ownMember(versionings, entity.kind)?.liveAtOnce) entity.published = number;
  return version;
}

export function publishedVersion(entity: Entity): Version | undefined {
  return entity.versions.find((version) => version.number === entity.published);
}

/** Finds a version by id, number, label (id or name), `latest` or `default`. */
export function findVersion(world: World, entity: Entity, reference: string): Version | undefined {
  if (reference === "latest") return entity.versions.at(-1);
  if (reference === "default") return publishedVersion(entity);
  const label =
    world.store.find("/labels", reference) ??
    world.store.all("/labels").find((item) => item.fields["name"] === reference);
  return entity.versions.find(
    ({ id, number, content }) =>
      id === reference || String(number) === reference || (label !== undefined && content["label_id"] === label.id),
  );
}

/** Every field of the resource that comes from a version: its content and its facts. */
export function versionFields(entity: Entity, version: Version | undefined): Json {
  const versioning = ownMember(versionings, entity.kind);
  if (!versioning || !version) return {};
  return { ...version.content, ...versioning.facts(version, versionStatus(entity, version)) };
}

/** The entries of the list of versions, newest first. */
export function versionList(entity: Entity): View[] {
  const versioning = ownMember(versionings, entity.kind);
  if (!versioning) return [];
  return [...entity.versions].reverse().map((version) => {
    const entry = versioning.entry(version, versionStatus(entity, version), entity);
    return { id: version.id, get: (field) => entry[field], all: () => entry };
  });
}

function versionStatus(entity: Entity, version: Version): string {
  return version.number === entity.published ? "active" : "archived";
}

function pick(from: Json, names: readonly string[]): Json {
  return Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]));
}
