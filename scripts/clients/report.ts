/** The clients' table in Markdown, and below it the reasons. */
import { CHECKS } from "./client.ts";
import type { Attempt, Outcome } from "./try-client.ts";

const HEADINGS = { list: "lists", call: "calls", large: "large answer", error: "error", cancel: "cancels" } as const;
const WORDS: Readonly<Record<Outcome["kind"], string>> = { ok: "ok", none: "not possible", failed: "FAILED" };

export function report(attempts: readonly Attempt[], versions: ReadonlyMap<string, string | undefined>): string {
  const rows = attempts
    .filter(({ outcomes }) => Object.values(outcomes).some(({ kind }) => kind !== "none"))
    .map(({ client, transport, outcomes }) => [client.name, versions.get(client.name) ?? "not installed", transport, ...CHECKS.map((check) => WORDS[outcomes[check].kind])]);
  const head = ["client", "version", "over", ...CHECKS.map((check) => HEADINGS[check])];
  const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  const notes = attempts.flatMap(({ client }) => (client.note === undefined ? [] : [`- ${client.name}: ${client.note}`]));
  const reasons = [...new Set([...attempts.flatMap(reasonsOf), ...notes])];
  return `${[...table, "", ...reasons].join("\n")}\n`;
}

/** A reason that holds for the whole transport is told once. */
function reasonsOf({ client, transport, outcomes }: Attempt): string[] {
  const told = CHECKS.flatMap((check) => {
    const outcome = outcomes[check];
    return outcome.kind === "ok" ? [] : [{ check, kind: outcome.kind, reason: outcome.reason }];
  });
  const whole = told.length === CHECKS.length && new Set(told.map(({ reason }) => reason)).size === 1;
  if (whole) return [`- ${client.name}, ${transport}: ${WORDS[told[0]?.kind ?? "none"]}: ${told[0]?.reason}`];
  return told.map(({ check, kind, reason }) => `- ${client.name}, ${HEADINGS[check]} over ${transport}: ${WORDS[kind]}: ${reason}`);
}
