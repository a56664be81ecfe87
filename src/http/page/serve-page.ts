/** The page at `/` and its two files. */
import type { FastifyInstance } from "fastify";
import type { HttpConfig } from "../../config/http-config.ts";
import type { Registry } from "../../mcp/registry.ts";
import type { Readiness } from "../readiness.ts";

export interface PageParts {
  readonly registry: Registry;
  readonly http: HttpConfig;
  readonly ready: () => Promise<Readiness>;
}

export function servePage(_app: FastifyInstance, _parts: PageParts): void {}
