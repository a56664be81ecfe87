/** publish_prompt: publishes a version by number or "latest". */
import { publishVersion } from "../prompts/publish-version.ts";
import { PROMPTS } from "../prompts/versions.ts";

export const composite = publishVersion(PROMPTS);
