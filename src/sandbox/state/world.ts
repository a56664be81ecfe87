/**
 * The whole state of one sandbox, passed to every handler.
 */
import type { ApiDocument } from "../shapes/document.ts";
import { uuid } from "./ids.ts";
import type { Json } from "../json.ts";
import { Tokens } from "../http/tokens.ts";
import { KeyRing } from "./key-ring.ts";
import { Store, type Entity } from "./store.ts";
import { generateTraffic, Traffic, type TrafficPlan } from "../traffic/traffic.ts";

export interface AuditEntry extends Json {
  readonly timestamp: string;
}

export class World {
  readonly keys = new KeyRing();
  /** Given out by the token service of an edition that has one. */
  readonly tokens: Tokens;
  readonly audit: AuditEntry[] = [];
  readonly organisation: { readonly id: string; readonly name: string };
  /** The plan from which the log is generated on first use. */
  trafficPlan: TrafficPlan = { days: 0, profiles: [] };
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  #store = new Store();
  #counter = 0;
  #traffic: Traffic | undefined;

  constructor(
    readonly document: ApiDocument,
    now: () => number,
    /** How long a token lives. */
    tokenSeconds = 900,
  ) {
    this.now = now;
    this.tokens = new Tokens(now, tokenSeconds);
    this.organisation = { id: uuid("organisation"), name: "Sandbox" };
  }

  get store(): Store {
    return this.#store;
  }

  /** Runs something that reads, on a former state. */
  readFrom<T>(former: Store, run: () => T): T {
    const current = this.#store;
    this.#store = former;
    try {
      return run();
    } finally {
      this.#store = current;
    }
  }

  /** A new id; the n-th one is the same in every sandbox. */
  nextId(what: string): string {
    this.#counter += 1;
    return uuid(`${what}:${this.#counter}`);
  }

  /** Now, as answers write it. */
  timestamp(): string {
    return new Date(this.now()).toISOString();
  }

  /** The gateway's log, seeded on first use: most sessions start without it. */
  get traffic(): Traffic {
    return (this.#traffic ??= new Traffic(generateTraffic(this.trafficPlan, this.now())));
  }

  /** A workspace by id or slug. */
  workspace(reference: unknown): Entity | undefined {
    const found = typeof reference === "string" ? this.store.find("/admin/workspaces", reference) : undefined;
    return found?.archived ? undefined : found;
  }

  /** Where an admin key's resource goes when nothing names its workspace: the organisation's first. */
  defaultWorkspace(): Entity | undefined {
    return this.store
      .all("/admin/workspaces")
      .filter(({ archived }) => !archived)
      .at(-1);
  }

  clear(): void {
    this.store.clear();
    this.keys.clear();
    this.tokens.revoke();
    this.audit.length = 0;
    this.#counter = 0;
    this.#traffic = undefined;
  }
}
