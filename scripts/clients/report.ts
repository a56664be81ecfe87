/** The clients' table in Markdown, and below it the reasons. */
import { CHECKS } from "./client.ts";
import type { Attempt, Outcome } from "./try-client.ts";

const HEADINGS = { list: "lists", call: "calls", large: "large answer", error: "error", cancel: "cancels" } as const;
const DOCUMENTED = "documented command";
const WORDS: Readonly<Record<Outcome["kind"], string>> = { ok: "ok", none: "not possible", failed: "FAILED" };

export function report(attempts: readonly Attempt[], versions: ReadonlyMap<string, string | undefined>): string {
  const rows = attempts
    .filter(({ outcomes }) => Object.values(outcomes).some(({ kind }) => kind !== "none"))
    .map(({ client, transport, outcomes, documented }) => [
      client.name,
      versions.get(client.name) ?? "not installed",
      transport,
      ...CHECKS.map((check) => WORDS[outcomes[check].kind]),
      documented === undefined ? "" : WORDS[documented.kind],
    ]);
  const head = ["client", "version", "over", ...CHECKS.map((check) => HEADINGS[check]), DOCUMENTED];
  const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  const notes = attempts.flatMap(({ client }) =>
    client.note === undefined ? [] : [`- ${client.name}: ${client.note}`],
  );
  const reasons = [...new Set([...attempts.flatMap(reasonsOf), ...notes])];
  return `${[...table, "", ...reasons].join("\n")}\n`;
}

/** A reason that applies to a whole transport is listed once. */
function reasonsOf({ client, transport, outcomes, documented }: Attempt): string[] {
  const command =
    documented?.kind === "failed"
      ? [`- ${client.name}, ${DOCUMENTED} over ${transport}: ${WORDS.failed}: ${documented.reason}`]
      : [];
  const failures = CHECKS.flatMap((check) => {
    const outcome = outcomes[check];
    return outcome.kind === "ok" ? [] : [{ check, kind: outcome.kind, reason: outcome.reason }];
  });
  const whole = failures.length === CHECKS.length && new Set(failures.map(({ reason }) => reason)).size === 1;
  if (whole)
    return [
      ...command,
      `- ${client.name}, ${transport}: ${WORDS[failures[0]?.kind ?? "none"]}: ${failures[0]?.reason}`,
    ];
  return [
    ...command,
    ...failures.map(
      ({ check, kind, reason }) => `- ${client.name}, ${HEADINGS[check]} over ${transport}: ${WORDS[kind]}: ${reason}`,
    ),
  ];
}

/** The text of docs/compatibility.md with the results of a run. */
export function compatibilityPage(measured: string, node: string): string {
  return `# What clients can do with this server

Written by \`npm run test:clients -- --write docs/compatibility.md\`. Do not edit.

Each client was installed from npm and met this package as it is published: packed, installed alone, on its sandbox,
under Node ${node}.
Every step of a command-line client is a process of its own.
Coding agents ran with a stand-in for their model, so that what is checked is what a model would see.

- **lists**: all tools arrive.
- **calls**: a tool's answer arrives.
- **large answer**: 36 kB arrive whole.
- **error**: a failed call is told from a success, with Portkey's error code.
- **cancels**: a call that is taken back lets go of its request to Portkey.
- **documented command**: the command in [clients](clients.md) leaves the server in the client's settings.

${measured}`;
}
