/** publish_partial: publishes a version by number or "latest". */
import { publishVersion } from "../prompts/publish-version.ts";
import { PARTIALS } from "../prompts/versions.ts";

export const composite = publishVersion(PARTIALS);
