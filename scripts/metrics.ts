/**
 * `tsx scripts/metrics.ts`: writes docs/metrics.md from the rows that /metrics serves. A test fails where the file is
 * behind.
 */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { METRICS } from "../src/http/observability/metric-rows.ts";

export const METRICS_FILE = new URL("../docs/metrics.md", import.meta.url);

/** The page's text. */
export function metricsPage(): string {
  const rows = Object.entries(METRICS).map(
    ([name, { kind, help, labels }]) => `| \`${name}\` | ${kind} | ${labels.join(", ")} | ${help.slice(0, -1)} |`,
  );
  return `# Metrics

Written by \`npm run docs\` from src/http/observability/metric-rows.ts. Do not edit.

What \`/metrics\` serves to Prometheus, beside the process's own numbers (\`process_*\`, \`nodejs_*\`).
No label holds a principal, an argument or an address.
Who may read it: [deployment](deployment.md#metrics).

| metric | kind | labels | |
|---|---|---|---|
${rows.join("\n")}
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) writeFileSync(METRICS_FILE, metricsPage());
