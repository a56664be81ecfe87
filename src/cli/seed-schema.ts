/** The outer schema of a seed file. The sandbox checks the resources in it, like the body of a request. */
import { z } from "zod";

const text = z.string().min(1).max(512);
const object = z.record(z.string(), z.unknown());
/** The sandbox would take minutes to create more. */
const MOST_DAYS = 400;
const MOST_ROWS_A_DAY = 10_000;

const resource = z.looseObject({
  id: text.optional(),
  slug: text.optional(),
  name: text.optional(),
  email: text.optional(),
  days_ago: z.number().min(0).max(36_500).optional(),
  versions: z.array(object).optional(),
  published: z.number().int().min(1).optional(),
  users: z.array(z.looseObject({ email: text, role: text.optional() })).optional(),
});

const profile = z.looseObject({
  workspace: text,
  model: text,
  user: text,
  api_key: text,
  per_day: z.number().min(0).max(MOST_ROWS_A_DAY),
  spike_days_ago: z.number().optional(),
  virtual_key: text,
  metadata: z.record(z.string(), z.string()),
});

export const SEED = z.strictObject({
  workspace: text.optional(),
  resources: z.record(z.string(), z.array(resource)).optional(),
  traffic: z.strictObject({ days: z.number().int().min(0).max(MOST_DAYS), profiles: z.array(profile) }).optional(),
});
