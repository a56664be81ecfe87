/**
 * A task of the evaluation: a request as a colleague would put it, what must be true afterwards, and one solution,
 * which
 * the scripted agent plays. `tasks.yaml` holds them.
 */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const check = z.union([
  /** A read of the sandbox's API with its admin key; `at` is a path into the answer, as `pick.ts` reads one. */
  z.strictObject({
    get: z.string().startsWith("/"),
    at: z.string().default(""),
    /** Equal to this. */
    is: z.unknown().optional(),
    /** Holds at least these members; in a list, some item does. */
    has: z.unknown().optional(),
    /** Must be absent. */
    absent: z.literal(true).optional(),
  }),
  /** The agent's last words match this, in any case. */
  z.strictObject({ answer: z.string() }),
  /** Some request, or none, was made with this method, a path that matches, and a body that holds these members. */
  z.strictObject({
    request: z.enum(["made", "never"]),
    method: z.string().optional(),
    path: z.string(),
    body: z.record(z.string(), z.unknown()).optional(),
  }),
]);

const step = z.strictObject({
  tool: z.string(),
  args: z.record(z.string(), z.unknown()).default({}),
  /** Names for parts of the answer, by their paths; later steps say `${name}`. */
  save: z.record(z.string(), z.string()).default({}),
});

const task = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  request: z.string(),
  /** What the sandbox begins with beside its own seed, by collection; items are added to the seed's. */
  seed: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))).optional(),
  checks: z.array(check).min(1),
  solution: z.strictObject({ steps: z.array(step), answer: z.string().default("Done.") }),
});

export type Check = z.infer<typeof check>;
export type Step = z.infer<typeof step>;
export type Task = z.infer<typeof task>;

/** The tasks of a file, by default the project's own; throws where a row is no task or two have one id. */
export function readTasks(file: string | URL = new URL("tasks.yaml", import.meta.url)): readonly Task[] {
  const tasks = z.array(task).parse(parse(readFileSync(file, "utf8")));
  const twice = tasks.find(({ id }, index) => tasks.findIndex((other) => other.id === id) !== index);
  if (twice !== undefined) throw new Error(`Two tasks are called ${twice.id}.`);
  return tasks;
}
