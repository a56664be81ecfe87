/** publish_partial: by number or "latest". */
import { publishVersion } from "./publish-version.ts";
import { PARTIALS } from "./versions.ts";

export const composite = publishVersion(PARTIALS);
