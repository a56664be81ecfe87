/**
 * The sandbox's data: resources by kind, single documents, and changes to derived lists.
 * A kind is a collection's path with nameless parameters: `/prompts`, `/admin/workspaces/{}/users`.
 */
import type { Json } from "../json.ts";

/** One version of a versioned resource. */
export interface Version {
  readonly id: string;
  readonly number: number;
  readonly createdAt: string;
  readonly content: Json;
}

export interface Entity {
  readonly kind: string;
  readonly id: string;
  /** The id of its parent resource. */
  readonly parent?: string;
  readonly fields: Json;
  /** Oldest first; empty for a resource without versions. */
  readonly versions: Version[];
  /** The number of the live version; 0 for a resource without versions. */
  published: number;
  archived: boolean;
}

export class Store {
  #kinds = new Map<string, Entity[]>();
  #documents = new Map<string, Json>();
  #changes = new Map<string, Map<string, Json | null>>();

  /** A deep copy. */
  copy(): Store {
    const copied = new Store();
    copied.#kinds = structuredClone(this.#kinds);
    copied.#documents = structuredClone(this.#documents);
    copied.#changes = structuredClone(this.#changes);
    return copied;
  }

  /** All resources of a kind (under a parent), also archived ones, newest first. */
  all(kind: string, parent?: string): Entity[] {
    const entities = this.#kinds.get(kind) ?? [];
    return (parent === undefined ? [...entities] : entities.filter((entry) => entry.parent === parent)).reverse();
  }

  /** Finds a resource by id, or by slug among those that are not archived. */
  find(kind: string, reference: string, parent?: string): Entity | undefined {
    const entities = this.all(kind, parent);
    return (
      entities.find((entry) => entry.id === reference) ??
      entities.find((entry) => !entry.archived && entry.fields["slug"] === reference)
    );
  }

  add(entity: Entity): Entity {
    const entities = this.#kinds.get(entity.kind) ?? [];
    entities.push(entity);
    this.#kinds.set(entity.kind, entities);
    return entity;
  }

  remove(entity: Entity): void {
    this.#kinds.set(
      entity.kind,
      (this.#kinds.get(entity.kind) ?? []).filter((entry) => entry !== entity),
    );
  }

  /** The object at a path that is no list, such as the organisation's defaults; created empty. */
  document(path: string): Json {
    const known = this.#documents.get(path) ?? {};
    this.#documents.set(path, known);
    return known;
  }

  /** The changes to a derived list by the item's key; null for a removed item. */
  changes(path: string): Map<string, Json | null> {
    const known = this.#changes.get(path) ?? new Map<string, Json | null>();
    this.#changes.set(path, known);
    return known;
  }

  clear(): void {
    this.#kinds.clear();
    this.#documents.clear();
    this.#changes.clear();
  }
}
