/**
 * Containers without an engine: each has a network of its own on one bridge, a root that cannot be written and is made
 * of this machine's programs, what it mounts, and a user without rights. Needs root and iproute2; nothing leads out.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export interface Container {
  /** One of the network's names. */
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Of the user and the group; without one it is root's. */
  readonly user?: number;
  /** What stands where inside, read-only: path inside to path here. */
  readonly mounts?: Readonly<Record<string, string>>;
  /** Folders that can be written, and are empty. */
  readonly writable?: readonly string[];
}

export interface RunningContainer {
  readonly process: ChildProcess;
  /** Where it is reached from here. */
  readonly address: string;
  readonly output: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Runs a command beside its own; resolves with its status. */
  execute(command: readonly string[]): Promise<number | null>;
  /** Resolves when `check` says so; rejects with the output where that takes too long, or the process ends before. */
  until(check: () => Promise<boolean> | boolean): Promise<void>;
}

export interface ContainerNetwork {
  /** Where those inside reach what listens here. */
  readonly here: string;
  start(container: Container): RunningContainer;
  /** Takes a container's address away, as an engine does with one that has ended. */
  unplug(name: string): void;
  close(): Promise<void>;
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ["ignore", "ignore", "pipe"] });
}

/** What every root is made of: programs and libraries, and who is who. */
const FOLDERS = ["/usr", "/proc", "/dev", ...nodeOutsideUsr()];
const FILES = ["/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/ld.so.cache"].filter(existsSync);

/** Where a CI keeps its tools. */
function nodeOutsideUsr(): string[] {
  return process.execPath.startsWith("/usr/") ? [] : [dirname(dirname(process.execPath))];
}

/** A container for each of `names`; each knows the others, and `beyond` as this machine. */
export function containerNetwork(names: readonly string[], beyond: readonly string[] = []): ContainerNetwork {
  const id = String(process.pid % 100_000);
  const net = `10.${214 + (process.pid % 30)}.${(process.pid >> 5) % 250}`;
  const bridge = `br${id}`;
  const folder = mkdtempSync(join(tmpdir(), "containers-"));
  const hosts = join(folder, "hosts");
  const addresses = new Map(names.map((name, at) => [name, `${net}.${at + 2}`]));
  const here = `${net}.1`;
  const spaceOf = (name: string) => `c${id}-${names.indexOf(name)}`;
  const started = new Set<RunningContainer>();
  writeHosts(hosts, [["127.0.0.1", "localhost"], [here, ...beyond], ...[...addresses].map(([name, to]) => [to, name])]);
  addBridge(bridge, here);
  for (const [name, address] of addresses) connect(spaceOf(name), bridge, `${address}/24`);

  return {
    here,
    start(container) {
      const child = spawnInside(spaceOf(container.name), folder, withHosts(container, hosts));
      const running = watch(child.process, child.log, addresses.get(container.name) ?? "");
      started.add(running);
      return running;
    },
    unplug: (name) => run("ip", "link", "set", `v${spaceOf(name)}`, "down"),
    async close() {
      for (const space of names.map(spaceOf)) endAll(space);
      await Promise.all([...started].map(({ ended }) => ended));
      for (const name of names) run("ip", "netns", "del", spaceOf(name));
      run("ip", "link", "del", bridge);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Writes which names stand for which address. */
function writeHosts(path: string, lines: readonly (readonly string[])[]): void {
  writeFileSync(path, lines.map((line) => `${line.join(" ")}\n`).join(""));
}

function withHosts(container: Container, hosts: string): Container {
  return { ...container, mounts: { "/etc/hosts": hosts, ...container.mounts } };
}

function addBridge(bridge: string, address: string): void {
  run("ip", "link", "add", bridge, "type", "bridge");
  run("ip", "addr", "add", `${address}/24`, "dev", bridge);
  run("ip", "link", "set", bridge, "up");
}

/** Starts a container's command in its network, with a root of its own in `folder`; its output goes to a file. */
function spawnInside(space: string, folder: string, container: Container): { process: ChildProcess; log: string } {
  const root = mkdtempSync(join(folder, "root-"));
  const script = enterRoot(root, container);
  const inside = ["netns", "exec", space, "unshare", "--mount", "sh", "-euc", script];
  // A file, since programs open /dev/stderr again, and Node's pipes are sockets.
  const log = `${root}.log`;
  const output = openSync(log, "a");
  const child = spawn("ip", inside, { stdio: ["ignore", output, output] });
  closeSync(output);
  return { process: child, log };
}

/** What a command has started ends with it. */
function endAll(space: string): void {
  const pids = execFileSync("ip", ["netns", "pids", space], { encoding: "utf8" }).split("\n").filter(Boolean);
  for (const pid of pids.map(Number)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself in between.
    }
  }
}

function connect(space: string, bridge: string, address: string): void {
  run("ip", "netns", "add", space);
  run("ip", "link", "add", `v${space}`, "type", "veth", "peer", "name", "eth0", "netns", space);
  run("ip", "link", "set", `v${space}`, "master", bridge, "up");
  run("ip", "-n", space, "addr", "add", address, "dev", "eth0");
  for (const device of ["eth0", "lo"]) run("ip", "-n", space, "link", "set", device, "up");
}

/** Lays the root out, and gives the shell's script that mounts what is in it and becomes the container's command. */
function enterRoot(root: string, { command, env = {}, user, mounts = {}, writable = [] }: Container): string {
  const bound = [...FOLDERS.map((path) => [path, path] as const), ...Object.entries(mounts)];
  chmodSync(root, 0o755);
  for (const name of ["bin", "sbin", "lib", "lib64"]) symlinkSync(`usr/${name}`, join(root, name));
  mkdirSync(join(root, "etc"));
  for (const path of FILES) copyFileSync(path, join(root, path));
  for (const [to, from] of bound) makePlace(join(root, to), statSync(from).isDirectory());
  for (const path of writable) makePlace(join(root, path), true);
  const place = (path: string) => quoted(join(root, path));
  const lines = [
    `mount --bind ${place("/")} ${place("/")}`,
    // Devices and processes are as the machine has them.
    ...bound.map(([to, from]) =>
      ["/dev", "/proc"].includes(from)
        ? `mount --rbind ${from} ${place(to)}`
        : `mount -o bind,ro ${quoted(from)} ${place(to)}`,
    ),
    ...writable.map((path) => `mount -t tmpfs writable ${place(path)}`),
    `mount -o remount,bind,ro ${place("/")}`,
  ];
  const rights = user === undefined ? [] : ["setpriv", ...UNPRIVILEGED, `--reuid=${user}`, `--regid=${user}`];
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const words = ["chroot", root, ...rights, "env", "-i", `PATH=${PATH}`, ...settings, ...command];
  return [...lines, `exec ${words.map(quoted).join(" ")}`].join("\n");
}

function makePlace(path: string, isFolder: boolean): void {
  mkdirSync(isFolder ? path : dirname(path), { recursive: true });
  if (!isFolder) writeFileSync(path, "");
}

const UNPRIVILEGED = ["--clear-groups", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"];
const PATH = [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/usr/sbin"].join(":");

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function watch(child: ChildProcess, log: string, address: string): RunningContainer {
  const output = () => readFileSync(log, "utf8");
  let over = false;
  const ended = once(child, "close").then(([code, signal]) => {
    over = true;
    return { code, signal } as Awaited<RunningContainer["ended"]>;
  });
  return {
    process: child,
    address,
    output,
    ended,
    async execute(command) {
      const inside = ["--target", String(child.pid), "--mount", "--net", "--root", "--wd=/", "env", `PATH=${PATH}`];
      const [code] = (await once(spawn("nsenter", [...inside, ...command], { stdio: "ignore" }), "close")) as [number];
      return code;
    },
    async until(check) {
      for (const last = Date.now() + PATIENCE_MS; !(await check()); await delay(50))
        if (over || Date.now() > last) throw new Error(`${over ? "It ended" : "It took too long"}: ${output()}`);
    },
  };
}

/** Less than a test may take, so that the output is told. */
const PATIENCE_MS = 50_000;

/** A folder of files for a mount, which a group may read. */
export function filesFor(folder: string, files: Readonly<Record<string, string>>, group: number): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o440 });
  run("chown", "-R", `0:${group}`, folder);
  run("chmod", "0750", folder);
  return folder;
}
