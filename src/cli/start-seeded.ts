/** Starts the sandbox with what a file says it begins with. */
import { startSandbox, type StartedSandbox, type StartOptions } from "../sandbox/start.ts";

/** Without `path`, with what is built in. Throws CONFIG where the file is no seed. */
export async function startSeeded(
  path: string | undefined,
  { port, edition }: Pick<StartOptions, "port" | "edition"> = {},
): Promise<StartedSandbox> {
  const place = { ...(port !== undefined && { port }), ...(edition !== undefined && { edition }) };
  if (path === undefined) return startSandbox(place);
  const { readSeed, seedMistake } = await import("./read-seed.ts");
  return startSandbox({ ...place, seed: readSeed(path) }).catch((error: NodeJS.ErrnoException) => {
    // What keeps it from listening has a code; what is wrong with the seed has none.
    throw error.code === undefined ? seedMistake(path, error) : error;
  });
}
