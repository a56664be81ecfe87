/** The audit's local places: stderr and files. A regular file is written before the call's answer is sent. */
import { openDescriptorSink, openFileSink, type LineSink, type LineSinkOptions } from "../../log/line-sink.ts";
import { blockingSink } from "../../log/blocking-sink.ts";
import type { PlaceSink } from "./audit-place.ts";
import { unwritable } from "./check-places.ts";

export interface LocalSinkOptions {
  /** The file descriptor of stderr. */
  readonly stderr: number;
  /** Whether the process blocks until a line is written. */
  readonly wait: boolean;
  /** Called when a line could not be written, once until writing works again. */
  readonly warn: ((message: string) => void) | undefined;
}

/** `place` is `stderr` or a path. Throws CONFIG where it cannot be written. */
export function openLocalSink(place: string, { stderr, wait, warn }: LocalSinkOptions): PlaceSink {
  let failing = false;
  const onError = (error: Error) => {
    if (!failing) warn?.(`The audit could not be written to ${place}: ${error.message}`);
    failing = true;
  };
  const sink = open(place, { stderr, wait, onError });
  return {
    write(line) {
      const written = sink.write(line);
      if (written && !sink.waiting()) failing = false;
      return written;
    },
    waiting: () => sink.waiting(),
    reopen: () => sink.reopen?.(),
    close: () => sink.close(),
  };
}

type Opened = LineSink & { reopen?(): void };
type Opening = Pick<LocalSinkOptions, "stderr" | "wait"> & { readonly onError: (error: Error) => void };

function open(place: string, { stderr, wait, onError }: Opening): Opened {
  // The place itself writes a line about lost ones, since its lines may have a chain.
  const options: LineSinkOptions = { lostLine: () => "", onError };
  try {
    if (place === "stderr") return wait ? blockingSink(stderr) : openDescriptorSink(stderr, options);
    return wait ? blockingSink(place) : openFileSink(place, options);
  } catch (cause) {
    throw unwritable(place, (cause as Error).message, cause);
  }
}
