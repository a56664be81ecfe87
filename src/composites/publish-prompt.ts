/** publish_prompt: by number or "latest". */
import { publishVersion } from "./publish-version.ts";
import { PROMPTS } from "./versions.ts";

export const composite = publishVersion(PROMPTS);
