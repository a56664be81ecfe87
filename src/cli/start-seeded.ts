/** Starts the sandbox with the data of a seed file. */
import { startSandbox, type StartedSandbox, type StartOptions } from "../sandbox/start.ts";

/** Without `path`, the sandbox has its built-in data. Throws CONFIG where the file is no valid seed. */
export async function startSeeded(
  path: string | undefined,
  { port, edition }: Pick<StartOptions, "port" | "edition"> = {},
): Promise<StartedSandbox> {
  const place = { ...(port !== undefined && { port }), ...(edition !== undefined && { edition }) };
  if (path === undefined) return startSandbox(place);
  const { readSeed, seedMistake } = await import("./read-seed.ts");
  return startSandbox({ ...place, seed: readSeed(path) }).catch((error: NodeJS.ErrnoException) => {
    // Errors of listening have a code; errors of the seed have none.
    throw error.code === undefined ? seedMistake(path, error) : error;
  });
}
