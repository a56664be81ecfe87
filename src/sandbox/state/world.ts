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
  /** The token endpoint of an edition that has one. */
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
    /** The lifetime of a token. */
    tokenSeconds = 900,
  ) {
    this.now = now;
    this.tokens = new Tokens(now, tokenSeconds);
    this.organisation = { id: uuid("organisation"), name: "Sandbox" };
  }

  get store(): Store {
    return this.#store;
  }

  /** Runs a reading function with a former state. */
  readFrom<T>(former: Store, run: () => T): T {
    const current = this.#store;
    this.#store = former;
    try {
      return run();
    } finally {
      this.#store = current;
    }
  }

  /** A new id; deterministic by the number of ids before it. */
  nextId(what: string): string {
    this.#counter += 1;
    return uuid(`${what}:${this.#counter}`);
  }

  /** The current time in ISO 8601. */
  timestamp(): string {
    return new Date(this.now()).toISOString();
  }

  /** The gateway's log, generated at its first use, since many sessions do not need it. */
  get traffic(): Traffic {
    return (this.#traffic ??= new Traffic(generateTraffic(this.trafficPlan, this.now())));
  }

  /** A workspace by id or slug. */
  workspace(reference: unknown): Entity | undefined {
    const found = typeof reference === "string" ? this.store.find("/admin/workspaces", reference) : undefined;
    return found?.archived ? undefined : found;
  }

  /** The default workspace of an admin key's resources: the organisation's first. */
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
