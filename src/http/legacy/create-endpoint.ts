/** Makes the legacy era's endpoint. */
import type { LegacyEndpoint } from "../legacy-endpoint.ts";
import type { LegacyEndpointOptions } from "./endpoint-options.ts";

export type CreateLegacyEndpoint = (options: LegacyEndpointOptions) => LegacyEndpoint;
