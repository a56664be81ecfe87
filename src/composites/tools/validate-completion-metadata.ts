/** validate_completion_metadata: checks metadata without sending a request. */
import type { Composite } from "../composite.ts";
import { checkMetadata, requiredMetadata } from "../completion/metadata-rules.ts";
import { withoutUndefined } from "../values/portkey-values.ts";

export const composite: Composite<"validate-completion-metadata"> = async (args, { settings }) => {
  const metadata = withoutUndefined(args);
  const { errors, warnings } = checkMetadata(metadata, settings);
  return { valid: errors.length === 0, errors, warnings, required: requiredMetadata(settings), metadata };
};
