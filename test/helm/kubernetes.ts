/**
 * Manifests held against Kubernetes' own schemas: the types of their values by the packages' validators, and unknown
 * fields by their TypeScript types, whose objects may have no more than they name.
 */
import { HTTPRoute } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1";
import { PrometheusRule, ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";
import { Deployment } from "kubernetes-models/apps/v1";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2";
import { Ingress, NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { ConfigMap, Service, ServiceAccount } from "kubernetes-models/v1";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { Json } from "./chart.ts";

interface Model {
  new (data: never): { validate(): void };
}

interface Kind {
  readonly model: Model;
  readonly from: string;
}

const core = "kubernetes-models";
const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["apps/v1 Deployment", { model: Deployment, from: `${core}/apps/v1` }],
  ["v1 Service", { model: Service, from: `${core}/v1` }],
  ["v1 ServiceAccount", { model: ServiceAccount, from: `${core}/v1` }],
  ["v1 ConfigMap", { model: ConfigMap, from: `${core}/v1` }],
  ["networking.k8s.io/v1 Ingress", { model: Ingress, from: `${core}/networking.k8s.io/v1` }],
  ["networking.k8s.io/v1 NetworkPolicy", { model: NetworkPolicy, from: `${core}/networking.k8s.io/v1` }],
  ["policy/v1 PodDisruptionBudget", { model: PodDisruptionBudget, from: `${core}/policy/v1` }],
  ["autoscaling/v2 HorizontalPodAutoscaler", { model: HorizontalPodAutoscaler, from: `${core}/autoscaling/v2` }],
  [
    "gateway.networking.k8s.io/v1 HTTPRoute",
    { model: HTTPRoute, from: "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1" },
  ],
  [
    "monitoring.coreos.com/v1 ServiceMonitor",
    { model: ServiceMonitor, from: "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1" },
  ],
  [
    "monitoring.coreos.com/v1 PrometheusRule",
    { model: PrometheusRule, from: "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1" },
  ],
]);

/** One line for each thing that Kubernetes would not take. */
export function manifestProblems(documents: readonly Json[]): string[] {
  return [...documents.flatMap(valueProblems), ...unknownFields(documents)];
}

function kindOf({ apiVersion, kind }: Json): Kind | undefined {
  return KINDS.get(`${String(apiVersion)} ${String(kind)}`);
}

function valueProblems(document: Json): string[] {
  const kind = kindOf(document);
  if (kind === undefined) return [`${String(document["apiVersion"])} ${String(document["kind"])} is not known here`];
  try {
    new kind.model(document as never).validate();
    return [];
  } catch (error) {
    return [`${String(document["kind"])}: ${(error as Error).message}`];
  }
}

/** A file of this folder that is never written: its imports are found from here. */
const FILE = fileURLToPath(new URL("manifests-as-types.ts", import.meta.url));

function unknownFields(documents: readonly Json[]): string[] {
  const text = documents
    .map((document, index) => {
      const { from = core } = kindOf(document) ?? {};
      const name = `I${String(document["kind"])}`;
      return (
        `import type { ${name} as T${index} } from "${from}";\nexport const d${index}: T${index} = ` +
        `${JSON.stringify(document)};`
      );
    })
    .join("\n");
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === FILE || fileExists.call(host, name);
  host.getSourceFile = (name, ...rest) =>
    name === FILE ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile.call(host, name, ...rest);
  const program = ts.createProgram([FILE], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}
