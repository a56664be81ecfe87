/**
 * A network namespace without a way out but a forward proxy (tinyproxy): what a server behind a company's firewall has.
 * The proxy knows names that nobody inside does. Needs root, iproute2 and tinyproxy.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { whyNoNamespaces } from "../network-namespaces.ts";
import { isInstalled } from "../installed.ts";

export interface CutOffNetwork {
  /** What goes before a command that runs inside. */
  readonly within: readonly string[];
  /** The address of what runs inside, seen from here. */
  readonly inside: string;
  /** host:port of the proxy. */
  readonly proxy: string;
  close(): Promise<void>;
}

/** Why there can be no such network on this machine; undefined where there can. */
export function whyNotCutOff(): string | undefined {
  const missing = ["ip", "tinyproxy", "unshare"].find((name) => !isInstalled(name));
  return missing === undefined ? whyNoNamespaces() : `${missing} is not installed`;
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: "ignore" });
}

/** `names` are known to the proxy alone, all as 127.0.0.1. */
export async function cutOff(names: readonly string[]): Promise<CutOffNetwork> {
  const id = String(process.pid % 16_000);
  const [space, here, there] = [`cut${id}`, `cuta${id}`, `cutb${id}`];
  const net = `10.213.${(process.pid >> 6) % 250}`;
  const block = (process.pid % 63) * 4;
  const [outside, inside] = [`${net}.${block + 1}`, `${net}.${block + 2}`];
  const folder = mkdtempSync(join(tmpdir(), "cut-off-"));
  run("ip", "netns", "add", space);
  run("ip", "link", "add", here, "type", "veth", "peer", "name", there, "netns", space);
  run("ip", "addr", "add", `${outside}/30`, "dev", here);
  run("ip", "link", "set", here, "up");
  run("ip", "-n", space, "addr", "add", `${inside}/30`, "dev", there);
  run("ip", "-n", space, "link", "set", there, "up");
  run("ip", "-n", space, "link", "set", "lo", "up");

  const port = 8_888;
  const [hosts, config] = [join(folder, "hosts"), join(folder, "tinyproxy.conf")];
  writeFileSync(hosts, `127.0.0.1 localhost ${names.join(" ")}\n`);
  writeFileSync(config, [`Port ${port}`, `Listen ${outside}`, "Timeout 60", "BasicAuth ann secret-7", ""].join("\n"));
  const start = `mount --bind ${hosts} /etc/hosts && exec tinyproxy -d -c ${config}`;
  const proxy = spawn("unshare", ["--mount", "sh", "-c", start], { stdio: "ignore" });
  await Promise.race([
    untilListening(outside, port),
    once(proxy, "exit").then(() => Promise.reject(new Error("tinyproxy did not start"))),
  ]);
  return {
    within: ["ip", "netns", "exec", space],
    inside,
    proxy: `${outside}:${port}`,
    async close() {
      const ended = once(proxy, "exit");
      proxy.kill();
      await ended;
      run("ip", "netns", "del", space);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilListening(host: string, port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, host);
    const reached = await Promise.race([once(socket, "connect"), once(socket, "error")]).catch(() => undefined);
    const open = reached !== undefined && reached.length === 0;
    socket.destroy();
    if (open) return;
    await delay(20);
  }
}
