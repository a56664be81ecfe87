/** Reads the first rows of an export's file by its signed link, without a Portkey key, and no further than needed. */
import { Readable } from "node:stream";
import { guardedRequest } from "../../addresses/guarded-request.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { maskQuotation } from "../../log/mask.ts";
import { limitStream } from "../streams/limit-stream.ts";
import { readLineBatches } from "../streams/lines.ts";
import { parseJsonText } from "../values/portkey-values.ts";

export interface ExportRows {
  readonly rows: readonly unknown[];
  /** Whether the file has further rows. */
  readonly more: boolean;
}

export interface ReadOptions {
  readonly signal: AbortSignal;
  /** Hosts that may have private addresses, since Portkey is there; absent: any host may. */
  readonly ownHosts?: readonly string[];
}

/** How many redirects are followed, within the link's host. */
const REDIRECTS = 3;
const LIMITS = { bytes: BOUNDS.exportBytes, idleMs: BOUNDS.exportIdleMs, totalMs: BOUNDS.exportTotalMs };

/** The first bytes of a gzip file. */
const GZIP = [0x1f, 0x8b];

/**
 * At most `count` rows, and about `maxBytes`. A row is its parsed JSON, or text where it is no JSON.
 * Throws UNREACHABLE where the file cannot be read; links expire.
 */
export async function readExportRows(
  link: string,
  count: number,
  maxBytes: number,
  reading: AbortSignal | ReadOptions,
): Promise<ExportRows> {
  const { signal, ...hosts } = reading instanceof AbortSignal ? { signal: reading } : reading;
  const ending = AbortSignal.any([signal, AbortSignal.timeout(LIMITS.totalMs)]);
  try {
    const file = await decompress(await fetchFile(link, { signal: ending, ...hosts }));
    return await firstRows(limitStream(file, LIMITS), count, maxBytes);
  } catch (error) {
    if (signal.aborted || error instanceof PortkeyMcpError) throw error;
    // The connection or the compression broke off: the link is all the same the answer that was asked for.
    throw failed(maskQuotation(error instanceof Error ? error.message : String(error)), error);
  }
}

async function firstRows(body: AsyncIterable<Uint8Array>, count: number, maxBytes: number): Promise<ExportRows> {
  const rows: unknown[] = [];
  let bytes = 0;
  for await (const lines of readLineBatches(body)) {
    for (const line of lines) {
      if (line.trim() === "") continue;
      bytes += Buffer.byteLength(line);
      if (rows.length >= count || (bytes > maxBytes && rows.length > 0)) return { rows, more: true };
      rows.push(parseJsonText(line) ?? line);
    }
  }
  return { rows, more: false };
}

function failed(reason: string, cause?: unknown): PortkeyMcpError {
  const sentences =
    `The export's file could not be read: ${reason}. ` +
    "The signed link may have expired: call download_log_export again.";
  return new PortkeyMcpError("UNREACHABLE", sentences, {}, { cause });
}

async function fetchFile(link: string, { signal, ownHosts }: ReadOptions): Promise<ReadableStream<Uint8Array>> {
  if (!URL.canParse(link) || !/^https?:$/.test(new URL(link).protocol)) throw failed("its link is no web address");
  const allowPrivate = ownHosts?.includes(new URL(link).host) ?? true;
  const answer = await guardedRequest(link, { signal, allowPrivate, redirects: REDIRECTS });
  if (answer.status >= 200 && answer.status <= 299) return Readable.toWeb(answer.body) as ReadableStream<Uint8Array>;
  answer.body.destroy();
  throw failed(`its host answered ${answer.status}`);
}

/** Decompresses gzip, recognised by its first bytes: a file's name and headers are not reliable. */
async function decompress(body: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const reader = body.getReader();
  const { value: first, done } = await reader.read();
  const whole = new ReadableStream<Uint8Array>({
    start: (controller) => (done ? controller.close() : controller.enqueue(first)),
    async pull(controller) {
      const { value, done } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const zipped = GZIP.every((byte, index) => first?.[index] === byte);
  return zipped
    ? whole.pipeThrough(new DecompressionStream("gzip") as unknown as TransformStream<Uint8Array, Uint8Array>)
    : whole;
}
