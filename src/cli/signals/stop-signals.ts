/**
 * The signals that stop a server of many clients. A second one stops it faster, but not where it comes at once after
 * the first: a signal to a group of processes also reaches npx, which forwards it.
 */

/** Milliseconds; a person takes longer to press Ctrl+C again. */
const SAME_PRESS_MS = 500;

const EXIT_CODES = { SIGTERM: 143, SIGINT: 130 } as const;
type StopSignal = keyof typeof EXIT_CODES;

export interface Stopping {
  /** Stops the server when everything is answered, and exits; called once. */
  readonly stop: () => Promise<void>;
  /** Ends what is only waited for. */
  readonly hurry: () => void;
}

export interface StopSignals {
  /** From this call on, signals stop the server; before it, they end the process at once. */
  serve(stopping: Stopping): void;
  /** Stops as SIGTERM does. */
  stop(): void;
}

/** Calls `act` for each stop signal, except one that comes at once after another. */
export function onStopSignal(act: () => void): void {
  const actOnce = oncePerPress(act);
  for (const signal of Object.keys(EXIT_CODES)) process.on(signal, actOnce);
}

function oncePerPress(act: () => void): () => void {
  let last = -Infinity;
  return () => {
    const now = performance.now();
    if (now - last < SAME_PRESS_MS) return;
    last = now;
    act();
  };
}

/** Call it early: the first process of a container only gets signals that it has handlers for. */
export function listenForStop(): StopSignals {
  let stopping: Stopping | undefined;
  let stopped: Promise<void> | undefined;
  let isInterrupted = false;

  const stop = (signal: StopSignal) => {
    if (stopping === undefined) process.exit(EXIT_CODES[signal]);
    stopped ??= stopping.stop();
  };
  const interrupt = () => {
    if (isInterrupted) process.exit(EXIT_CODES.SIGINT);
    isInterrupted = true;
    // In a terminal there is no load balancer to wait for.
    stopping?.hurry();
    stop("SIGINT");
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", oncePerPress(interrupt));
  return {
    serve: (serving) => void (stopping = serving),
    stop: () => stop("SIGTERM"),
  };
}
