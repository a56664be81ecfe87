import { BOUNDS } from "../../errors/bounds.ts";
import type { CancelSignal } from "../transport/cancellation.ts";

/** What this project asks of a request besides. */
interface Wanted {
  readonly signal?: CancelSignal;
  readonly unread?: boolean;
  readonly answerBytes?: number;
}

/**
 * A request as openapi-fetch makes it and the pool sends it. fetch's own Request would put the text of the body into a
 * stream and follow the signal with one of its own: a tenth of a call's processor time, for nothing needed here.
 */
export class ApiRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  /** The JSON of the body; null: the request has none. */
  readonly body: string | null;
  /** Of an answer that is read as a stream, a real one. */
  readonly signal: CancelSignal | undefined;
  /** Its answer is wanted as a stream. */
  readonly unread: boolean;
  /** Bytes of a 2xx answer that are read. */
  readonly answerBytes: number;

  /** Throws TypeError for what is no URL. The text of the body comes from openapi-fetch, which knows JSON only. */
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
