/** The dashboard and the alerts ask for metrics that /metrics serves, in PromQL that can be read. */
import { parser } from "@prometheus-io/lezer-promql";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp, type Started } from "../http/start-app.ts";
import { CHART } from "./chart.ts";

let app: Started;
let served: Set<string>;
beforeAll(async () => {
  app = await startApp();
  const text = await (await fetch(`${app.url}/metrics`)).text();
  const families = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  served = new Set(
    families.flatMap(([, name = "", type]) =>
      type === "histogram" ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
  // Prometheus makes it of every scrape.
  served.add("up");
});
afterAll(() => app.stop());

/** The metrics that an expression asks for, and whether it could be read whole. */
function metricsOf(expression: string): { names: string[]; readable: boolean } {
  const names: string[] = [];
  let readable = true;
  parser.parse(expression).iterate({
    enter({ type, from, to }) {
      if (type.isError) readable = false;
      if (type.name !== "VectorSelector") return;
      names.push(expression.slice(from, to).replace(/\{.*$/s, "").trim());
    },
  });
  return { names, readable };
}

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

const dashboard = JSON.parse(readFileSync(join(CHART, "dashboards/portkey-admin-mcp.json"), "utf8")) as {
  readonly panels: readonly Panel[];
};
const rules = readFileSync(join(CHART, "templates/prometheusrule.yaml"), "utf8");
/** Each rule's expression, the template's own part written out. */
const alerts = [...rules.matchAll(/expr: (?:>-\n)?((?:.|\n)*?)\n +(?:for|labels):/g)].map(([, expression = ""]) =>
  expression.replace(/\{\{-? \$job -?\}\}/g, 'job="j"').replace(/\s+/g, " "),
);

test.each([
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  ...alerts.map((expression, index) => [`alert ${index + 1}`, expression] as const),
])("%s asks for metrics that are served: %s", (_title, expression) => {
  const { names, readable } = metricsOf(expression.replaceAll("$__rate_interval", "5m"));
  expect(readable).toBe(true);
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !served.has(name))).toEqual([]);
});

test("there are alerts, and every panel asks for something", () => {
  expect(alerts.length).toBe((rules.match(/- alert:/g) ?? []).length);
  expect(alerts.length).toBeGreaterThan(5);
  expect(dashboard.panels.filter(({ targets }) => targets.length === 0)).toEqual([]);
});
