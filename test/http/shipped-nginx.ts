/** A real nginx with scripts/nginx.conf, in a folder of its own and in front of servers on this machine. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isInstalled } from "../installed.ts";

export const hasNginx = isInstalled("nginx");

const CONF = readFileSync(new URL("../../scripts/nginx.conf", import.meta.url), "utf8");

export interface ShippedNginx {
  /** What it wrote to its error log. */
  errors(): string;
  close(): Promise<void>;
}

/** `servers`: the ports of its two servers. `locations` stand in place of its `location /`. */
export async function startShippedNginx(
  port: number,
  servers: readonly [number, number],
  locations?: string,
): Promise<ShippedNginx> {
  const folder = mkdtempSync(join(tmpdir(), "nginx-"));
  const log = join(folder, "error.log");
  const shipped = CONF.replaceAll("/tmp/", `${folder}/`)
    .replace("listen 8080", `listen 127.0.0.1:${port}`)
    .replace("/dev/stderr", log)
    .replace(/server-(\d):3000/g, (_all, number: string) => `127.0.0.1:${servers[Number(number) - 1]}`);
  const conf = locations === undefined ? shipped : shipped.replace(/ {4}location \/ \{[^}]*\}\n/, () => locations);
  if (locations !== undefined && conf === shipped) throw new Error("scripts/nginx.conf has no location / any more.");
  writeFileSync(join(folder, "nginx.conf"), conf);
  const nginx = spawn("nginx", ["-c", join(folder, "nginx.conf"), "-p", folder, "-g", "daemon off;"], {
    stdio: "ignore",
  });
  let over = false;
  const ended = once(nginx, "exit").then(() => (over = true));
  const errors = () => readFileSync(log, "utf8");
  while (!(await answers(port))) {
    if (over) throw new Error(`nginx did not start: ${errors()}`);
    await delay(20);
  }
  return {
    errors,
    async close() {
      nginx.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whatever it answers: its servers may not be there yet. */
function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`, { method: "HEAD", redirect: "manual" }).then(
    () => true,
    () => false,
  );
}
