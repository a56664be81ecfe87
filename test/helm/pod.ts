/** The pod of a Deployment, as Kubernetes would start it: the image's entry point with what the manifest says. */
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { filesFor, type Container } from "../e2e/containers.ts";
import { ofKind, type Json } from "./chart.ts";

/** What the image brings: test/image/image.test.ts builds it, and sees that these are its own. */
export const IMAGE = (() => {
  const last =
    readFileSync(new URL("../../Dockerfile", import.meta.url), "utf8")
      .split(/^FROM /m)
      .at(-1) ?? "";
  const env =
    /^ENV (.+)$/m
      .exec(last)?.[1]
      ?.split(" ")
      .map((pair) => pair.split("=")) ?? [];
  return {
    entrypoint: JSON.parse(/^ENTRYPOINT (.+)$/m.exec(last)?.[1] ?? "[]") as string[],
    env: Object.fromEntries(env) as Record<string, string>,
    user: Number(/^USER (\d+)/m.exec(last)?.[1]),
    stopSignal: /^STOPSIGNAL (\w+)$/m.exec(last)?.[1] as NodeJS.Signals,
  };
})();

/** The built server where the image has it. */
export function imageMounts(build: string): Record<string, string> {
  chmodSync(build, 0o755);
  return { "/app/build": build };
}

export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface ContainerSpec {
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
  readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
  readonly securityContext: { readonly readOnlyRootFilesystem: boolean };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: { readonly runAsUser: number; readonly fsGroup: number };
  readonly containers: readonly [ContainerSpec];
  readonly volumes: readonly {
    readonly name: string;
    readonly secret?: { readonly secretName: string };
    readonly configMap?: { readonly name: string };
  }[];
}

interface ConfigMap {
  readonly metadata: { readonly name: string };
  readonly data: Readonly<Record<string, string>>;
}

export interface Pod {
  readonly spec: PodSpec;
  readonly container: ContainerSpec;
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
}

/** What a pod of the one Deployment runs, and how it is asked for its health. */
export function podOf(all: readonly Json[]): Pod {
  const deployment = ofKind(all, "Deployment") as { spec: { template: { spec: PodSpec } } } | undefined;
  if (deployment === undefined) throw new Error("There is no Deployment.");
  const { spec } = deployment.spec.template;
  const [container] = spec.containers;
  const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
  const { port: portName } = container.readinessProbe.httpGet;
  const port = container.ports.find(({ name }) => name === portName)?.containerPort;
  if (port === undefined) throw new Error(`There is no port ${portName}.`);
  return { spec, container, env, port };
}

/** Secrets and ConfigMaps of the cluster, by name: their keys and texts. */
export type Existing = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The pod's container; `existing` is what was in the cluster before, `folder` takes the files of its volumes. */
export function containerOf(name: string, all: readonly Json[], existing: Existing, place: Place): Container {
  const { spec, container, env } = podOf(all);
  const maps = all.filter(({ kind }) => kind === "ConfigMap") as unknown as ConfigMap[];
  const known: Existing = {
    ...existing,
    ...Object.fromEntries(maps.map(({ metadata, data }) => [metadata.name, data])),
  };
  const mounts = container.volumeMounts.map(({ name: volumeName, mountPath }) => {
    const volume = spec.volumes.find((each) => each.name === volumeName);
    const source = volume?.secret?.secretName ?? volume?.configMap?.name ?? "";
    const files = known[source];
    if (files === undefined) throw new Error(`There is no Secret or ConfigMap ${source}.`);
    return [mountPath, filesFor(join(place.folder, name, volumeName), files, spec.securityContext.fsGroup)] as const;
  });
  return {
    name,
    command: [...(container.command ?? IMAGE.entrypoint), ...(container.args ?? [])],
    env: { ...IMAGE.env, ...env },
    user: spec.securityContext.runAsUser,
    mounts: { ...imageMounts(place.build), ...Object.fromEntries(mounts) },
  };
}

export interface Place {
  readonly folder: string;
  readonly build: string;
}
