/**
 * The schemas of all tables under openapi/, by file name. An unknown member is an error that lists the known ones.
 * known-files.ts does the same for unknown files.
 */
import { paths as jsonPaths } from "jsonpathly";
import { z } from "zod";
import { glossaryTable, wordTables } from "./read/curation.ts";

const OPERATION = /^(GET|POST|PUT|PATCH|DELETE) \//;

/** A document that an import wrote. Its members are not checked here. */
const documentForm = z.looseObject({ paths: z.record(z.string(), z.looseObject({})) });

const reference = z.looseObject({ $ref: z.string() });
const parameter = z.looseObject({ name: z.string(), in: z.enum(["path", "query", "header", "cookie"]) });
const servers = z.array(z.looseObject({ url: z.string() })).optional();
const parameters = z.array(z.union([reference, parameter])).optional();
const draftedOperation = z
  .strictObject({
    servers,
    security: z.array(z.looseObject({})).optional(),
    tags: z.array(z.string()).optional(),
    parameters,
    requestBody: z.looseObject({}).optional(),
    responses: z.record(z.string(), z.looseObject({})),
  })
  .optional();

/** Operations and fields that the document lacks. Only these members of OpenAPI are allowed, to detect typos. */
const draftsForm = z.looseObject({
  paths: z.record(
    z.string().regex(/^\//),
    z.strictObject({
      servers,
      parameters,
      get: draftedOperation,
      post: draftedOperation,
      put: draftedOperation,
      patch: draftedOperation,
      delete: draftedOperation,
    }),
  ),
});

function isJsonPath(text: string): boolean {
  try {
    jsonPaths({}, text);
    return true;
  } catch {
    return false;
  }
}

const jsonPath = z.string().refine(isJsonPath, { error: "is no JSONPath (RFC 9535)" });
const action = z
  .strictObject({
    target: jsonPath,
    description: z.string(),
    update: z.unknown().optional(),
    remove: z.boolean().optional(),
    "x-if": jsonPath.optional(),
  })
  .refine(({ update, remove }) => update !== undefined || remove === true, {
    error: "changes nothing: give update, or remove: true",
  });

const overlayForm = z.strictObject({
  overlay: z.string(),
  info: z.looseObject({}),
  actions: z.array(action),
});

const selectionForm = z
  .strictObject({
    title: z.string(),
    published: z.string(),
    key: z.literal("token").optional(),
    without: z.array(z.string()).optional(),
    identity: z.strictObject({ key: z.string().optional(), bearer: z.boolean().optional(), host: z.string() }),
    tools: z.array(z.string()),
    inference: z.array(z.string()),
    bases: z.object({ control: z.string() }).catchall(z.string()),
    placeholders: z.record(z.string(), z.string()),
  })
  .refine(({ bases, placeholders }) => Object.values(placeholders).every((base) => Object.hasOwn(bases, base)), {
    error: "a placeholder stands for a base that bases does not have",
    path: ["placeholders"],
  });

/** New `METHOD /path` to old one. */
const movesForm = z.record(z.string().regex(OPERATION), z.string().regex(OPERATION));

/** The tables shared by all editions. */
export const sharedTables = { ...wordTables, "overlay.yaml": overlayForm };

/** The tables of a single edition. */
export const editionTables = {
  "document.yaml": documentForm,
  "drafts.yaml": draftsForm,
  "facts.yaml": documentForm,
  "glossary.yaml": glossaryTable,
  "moves.yaml": movesForm,
  "overlay.yaml": overlayForm,
  "selection.yaml": selectionForm,
};

/** Folders with one table per domain. They exist under openapi/ (shared) and under openapi/<edition>/. */
export const tableFolders = ["curation", "requests"];
