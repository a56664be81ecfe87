/** The meaning of the API's error codes and statuses, and what to do about each. Also served as an MCP resource. */

import { PORTKEY, insertNames, type Product } from "../product.ts";

export interface ErrorMeaning {
  readonly status: number;
  /** The API's own code; absent for a meaning by status alone. */
  readonly code?: string;
  readonly meaning: string;
  readonly next: string;
}

const MEANINGS: readonly ErrorMeaning[] = [
  {
    code: "AB01",
    status: 400,
    meaning: "A value is wrong or missing.",
    next: "Correct the arguments; the tool's full schema says what each takes.",
  },
  {
    code: "AB02",
    status: 404,
    meaning: "There is no such object.",
    next: "Look the id or slug up with the matching list tool, in the workspace the key belongs to.",
  },
  {
    code: "AB03",
    status: 403,
    meaning: "The key lacks a scope, or the object is missing or in another workspace.",
    next: "Check the key's scopes in {api}, the id, and workspace_id.",
  },
  {
    code: "AB04",
    status: 500,
    meaning: "{api} failed inside.",
    next: "Try again later; if it stays, give {api} the request id.",
  },
  {
    code: "AB05",
    status: 401,
    meaning: "{api} does not accept the key: it is wrong, expired or revoked.",
    next: "Check that the key is valid and belongs to this {api} deployment.",
  },
  {
    code: "AB06",
    status: 429,
    meaning: "Too many requests.",
    next: "Wait a little, then try again with fewer calls at a time.",
  },
  {
    code: "AB07",
    status: 409,
    meaning: "It conflicts with what is there: such a name or slug exists, or the object is in use.",
    next: "Read the existing object, then update it or choose another name.",
  },
  {
    code: "AB08",
    status: 404,
    meaning: "There is no such object or path.",
    next: "Look the id or slug up with the matching list tool, in the workspace the key belongs to.",
  },
  {
    code: "AB09",
    status: 402,
    meaning: "The organisation's plan or balance does not cover it.",
    next: "Check the plan and billing in {api}.",
  },
  {
    status: 405,
    meaning: "This deployment does not offer the operation.",
    next: "Check {base} and the deployment's version.",
  },
  { status: 408, meaning: "{api} gave up waiting for the request.", next: "Try again." },
  {
    status: 412,
    meaning: "A usage limit is reached.",
    next: "Raise or reset the limit of the key, provider or policy, or wait for its reset.",
  },
  { status: 413, meaning: "The request is too large.", next: "Send it in smaller parts." },
  {
    status: 422,
    meaning: "{api} read the request but cannot act on its values.",
    next: "Correct the arguments; the tool's full schema says what each takes.",
  },
  { status: 502, meaning: "A proxy in front of {api} got no good answer.", next: "Try again later." },
  { status: 503, meaning: "{api} is not available right now.", next: "Try again later." },
  {
    status: 504,
    meaning: "A proxy in front of {api} waited too long for its answer.",
    next: "Try again later, or ask for less at once.",
  },
];

/** Every meaning, with the product's names. */
export function errorMeanings(product: Product = PORTKEY): readonly ErrorMeaning[] {
  return MEANINGS.map((entry) => insertProduct(entry, product));
}

/** The meaning by the API's code, else by status, else by the status's class. */
export function findMeaning(status: number, code: string | undefined, product: Product = PORTKEY): ErrorMeaning {
  const found =
    MEANINGS.find((entry) => entry.code !== undefined && entry.code === code) ??
    MEANINGS.find((entry) => entry.status === status) ??
    meaningOfClass(status);
  return insertProduct(found, product);
}

function meaningOfClass(status: number): ErrorMeaning {
  return status >= 500
    ? { status, meaning: "{api} failed.", next: "Try again later." }
    : { status, meaning: "{api} refused the request.", next: "Correct the arguments or the key." };
}

function insertProduct(entry: ErrorMeaning, product: Product): ErrorMeaning {
  return { ...entry, meaning: insertNames(entry.meaning, product), next: insertNames(entry.next, product) };
}
