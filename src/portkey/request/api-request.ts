import { BOUNDS } from "../../errors/bounds.ts";
import type { CancelSignal } from "../transport/cancellation.ts";

/** Options beside those of fetch. */
interface Wanted {
  readonly signal?: CancelSignal;
  readonly unread?: boolean;
  readonly answerBytes?: number;
}

/**
 * A request as openapi-fetch makes it and the connection pool sends it.
 * fetch's own Request would turn the body into a stream and wrap the signal in another one, which nothing here needs
 * and which takes a tenth of a call's processor time.
 */
export class ApiRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  /** The JSON of the body; null: the request has none. */
  readonly body: string | null;
  /** A real AbortSignal where the answer is read as a stream. */
  readonly signal: CancelSignal | undefined;
  /** Whether the answer's body is left unread, to be used as a stream. */
  readonly unread: boolean;
  /** How many bytes of a 2xx answer are read. */
  readonly answerBytes: number;

  /** Throws a TypeError for an invalid URL. `body` is a string: openapi-fetch serializes it as JSON. */
  constructor(
    url: string,
    {
      method = "GET",
      headers,
      body,
      signal,
      unread = false,
      answerBytes = BOUNDS.readAnswerBytes,
    }: Omit<RequestInit, "signal"> & Wanted,
  ) {
    this.url = new URL(url);
    this.method = method;
    this.headers = headers instanceof Headers ? headers : new Headers(headers);
    this.body = (body as string | undefined) ?? null;
    this.signal = signal ?? undefined;
    this.unread = unread;
    this.answerBytes = answerBytes;
  }
}
