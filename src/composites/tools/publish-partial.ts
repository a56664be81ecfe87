/** publish_partial: by number or "latest". */
import { publishVersion } from "../prompts/publish-version.ts";
import { PARTIALS } from "../prompts/versions.ts";

export const composite = publishVersion(PARTIALS);
