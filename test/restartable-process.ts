/** A process of a test's own that can be ended, paused and started again. */
import { spawn, type ChildProcess } from "node:child_process";

export type EndSignal = "SIGTERM" | "SIGKILL";

export interface ProcessSettings {
  readonly command: string;
  readonly args: readonly string[];
  /** Where its stderr goes. */
  readonly stderr: "ignore" | "inherit";
  /** Whether what it writes to stdout says that it serves. */
  readonly isReady: (chunk: Buffer) => boolean;
}

/** One process at a time, of the same command. */
export class RestartableProcess {
  readonly #settings: ProcessSettings;
  #running: ChildProcess | undefined;

  constructor(settings: ProcessSettings) {
    this.#settings = settings;
  }

  /** Resolves once it serves; rejects where it ends before. */
  async start(): Promise<void> {
    const { command, args, stderr, isReady } = this.#settings;
    const started = spawn(command, args, { stdio: ["ignore", "pipe", stderr] });
    this.#running = started;
    await new Promise<void>((resolve, reject) => {
      started.once("exit", (code, signal) => reject(new Error(`${command} ended with ${code ?? signal}.`)));
      started.stdout?.on("data", (chunk: Buffer) => {
        if (isReady(chunk)) resolve();
      });
    });
  }

  /** Ends it, paused or not; resolves once it has ended. */
  async stop(signal: EndSignal): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGCONT");
    running.kill(signal);
    await ended;
  }

  pause(): void {
    this.#running?.kill("SIGSTOP");
  }

  unpause(): void {
    this.#running?.kill("SIGCONT");
  }
}
