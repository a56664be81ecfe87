/**
 * The signals that end a server of many clients, as often as they come. Who signals a whole group of processes reaches
 * npx too, which passes on what it gets: the second of two at once is no wish to end harder. Whoever presses Ctrl+C
 * again later has no patience.
 */

/** A person needs longer to press a key again. */
const SAME_PRESS_MS = 500;

const EXIT_CODES = { SIGTERM: 143, SIGINT: 130 } as const;
type StopSignal = keyof typeof EXIT_CODES;

export interface Stopping {
  /** Ends the process when everything is answered; called once. */
  readonly stop: () => Promise<void>;
  /** Ends what is only waited for. */
  readonly hurry: () => void;
}

export interface StopSignals {
  /** From here on they stop a server that serves; before, they end a process that has nothing to answer. */
  serve(stopping: Stopping): void;
  /** Stops as SIGTERM does. */
  stop(): void;
}

/** Calls `act` for each signal that asks to stop, except where one comes at once after another. */
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

/** As the first process of a container, it gets only the signals that it has said it takes: so it does at once. */
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
    // A person at the keyboard has no balancer to wait for.
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
