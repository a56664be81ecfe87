/** The requests of a stubborn client: each has a connection of its own, given up after a while without a byte. */
import { request as httpRequest, type IncomingMessage } from "node:http";

export interface ClientFigures {
  resumptions: number;
  silences: number;
  storeAway: number;
  unaccepted: number;
}

/** An answer that no fault explains. */
export class WrongAnswer extends Error {}

/** For what a fault may bring about: lets only a wrong answer through. */
export function passWrongAnswer(error: unknown): void {
  if (error instanceof WrongAnswer) throw error;
}

const HEADERS = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  "mcp-protocol-version": "2025-11-25",
};

/** Sends a request; without a body where none is given. */
export type Send = (method: string, headers: Record<string, string>, body?: unknown) => Promise<IncomingMessage>;

/** Requests to `url`, each given up after `silenceMs` without a byte, which is counted. */
export function sendTo(url: string, silenceMs: number, figures: ClientFigures): Send {
  return (method, headers, body) =>
    new Promise((resolve, reject) => {
      const request = httpRequest(url, {
        method,
        agent: false,
        timeout: silenceMs,
        headers: { ...HEADERS, ...headers },
      });
      request.once("response", resolve);
      request.once("error", reject);
      request.once("timeout", () => {
        figures.silences += 1;
        request.destroy(new Error("silence"));
      });
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
}
