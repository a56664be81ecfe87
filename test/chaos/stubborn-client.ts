/** A client that resumes until it knows how its call ended, and remembers everything it was sent. */
import type { IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { INITIALIZE } from "../http/legacy/wire.ts";
import { courseOf, giveUpName, nameNow, openCall, remember, type Course, type OpenCall } from "./course.ts";
import { passWrongAnswer, sendTo, WrongAnswer, type ClientFigures, type Send } from "./requests.ts";
import { bodyOf, isResponse, readEvents, type SeenEvent } from "./sse-events.ts";

/** One client with a session of its own, which it opens again where it has ended. */
export class StubbornClient {
  readonly #send: Send;
  readonly #figures: ClientFigures;
  #session = "";

  constructor(url: string, silenceMs: number, figures: ClientFigures) {
    this.#send = sendTo(url, silenceMs, figures);
    this.#figures = figures;
  }

  async open(): Promise<void> {
    this.#session = await untilFound(() => tryOpen(this.#send));
  }

  /** Calls the tool, however often it takes. */
  async call(name: string, count: number, delayMs: number): Promise<Course> {
    const call = openCall({ name, count, delayMs }, this.#session);
    for (;;) {
      const state = (await attempt(this.#send, call, this.#figures).catch(passWrongAnswer)) ?? "cut off";
      if (state === "over") return courseOf(call);
      if (state === "cut off" && call.lastId === "") {
        this.#figures.unaccepted += 1;
        giveUpName(call);
      }
      await delay(state === "store away" ? 100 : 20);
    }
  }

  /** What is kept of a call, from its beginning. */
  replay(course: Course): Promise<SeenEvent[]> {
    return untilFound(() => tryReplay(this.#send, course));
  }
}

/** Tries again until something is found; only a wrong answer ends it. */
async function untilFound<T>(find: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await find().catch(passWrongAnswer);
    if (found !== undefined) return found;
    await delay(50);
  }
}

async function tryOpen(send: Send): Promise<string | undefined> {
  const response = await send("POST", {}, INITIALIZE);
  await bodyOf(response);
  const session = String(response.headers["mcp-session-id"] ?? "");
  return response.statusCode === 200 && session !== "" ? session : undefined;
}

/** Sends a call or resumes it, and remembers what comes until the call is over or its connection ends. */
async function attempt(send: Send, call: OpenCall, figures: ClientFigures): Promise<"over" | "store away" | "cut off"> {
  const response = await sendOrResume(send, call, figures);
  if (response.statusCode === 503) {
    response.destroy();
    figures.storeAway += 1;
    return "store away";
  }
  if (response.statusCode !== 200) {
    const request = `${response.statusCode} for ${call.lastId || "POST"}`;
    throw new WrongAnswer(`${nameNow(call)}: ${request}: ${await bodyOf(response)}`);
  }
  for await (const event of readEvents(response)) {
    remember(call, event);
    if (!isResponse(event)) continue;
    response.destroy();
    return "over";
  }
  return "cut off";
}

async function sendOrResume(send: Send, call: OpenCall, figures: ClientFigures): Promise<IncomingMessage> {
  const session = { "mcp-session-id": call.session };
  if (call.lastId === "") return send("POST", session, message(call));
  const response = await send("GET", { ...session, "last-event-id": call.lastId });
  figures.resumptions += 1;
  call.resumptions += 1;
  return response;
}

async function tryReplay(send: Send, { firstId, session }: Course): Promise<SeenEvent[] | undefined> {
  const response = await send("GET", {
    "mcp-session-id": session,
    "last-event-id": firstId.replace(/\.\d+$/, ".0"),
  });
  if (response.statusCode === 503) return void response.destroy();
  if (response.statusCode !== 200) throw new WrongAnswer(`replay: ${response.statusCode}`);
  const events: SeenEvent[] = [];
  for await (const event of readEvents(response)) events.push(event);
  const last = events.at(-1);
  return last !== undefined && isResponse(last) ? events : undefined;
}

function message(call: OpenCall) {
  const name = nameNow(call);
  const { count, delayMs } = call.asked;
  return {
    jsonrpc: "2.0",
    id: name,
    method: "tools/call",
    params: { name: "stream", arguments: { name, count, delayMs }, _meta: { progressToken: name } },
  };
}
