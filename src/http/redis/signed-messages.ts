/**
 * Signed messages on Redis channels, as text: a MAC over the channel and the rest, then sender, number, time, payload.
 *
 * A message is refused where it is forged, for another channel, too old, or was received before (by its number).
 * On a channel that existed before this instance, messages from before its start are refused too: they may be replayed,
 * and this instance cannot know which ones were received before.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** A message as it was sent, or why it is refused. */
export type Opened = { readonly from: string; readonly payload: string } | { readonly fault: string };

export interface SignedMessages {
  close(channel: string, payload: string): string;
  open(channel: string, text: string): Opened;
}

/** How far the clocks of two instances may differ, transmission included. */
const MAX_AGE_MS = 300_000;
/**
 * How far before its own start, by its own clock, an instance accepts messages. Messages of a sender whose clock is
 * further behind are refused until that clock has passed the start.
 */
const BEFORE_START_MS = 5_000;
/** Characters; longer messages are refused before they are authenticated. */
const MAX_LENGTH = 32 * 1024 * 1024;
/** Pairs of sender and channel whose newest number is remembered. */
const REMEMBERED = 20_000;
const MAC_LENGTH = 43;
const HEADER = /^([\w-]{1,64}) (\d{1,15}) (\d{1,15})$/;
const MAX_HEADER_LENGTH = 100;

export interface SignedMessagesOptions {
  /** Whether the channel is new with this instance: then no older message can be for it, whatever the clocks say. */
  readonly isOwnChannel?: boolean;
  readonly now?: () => number;
}

export function createSignedMessages(
  macKey: Uint8Array,
  self: string,
  { isOwnChannel = false, now = Date.now }: SignedMessagesOptions = {},
): SignedMessages {
  const newest = new Map<string, number>();
  const start = now();
  let sent = 0;

  const macOf = (channel: string, rest: string) =>
    createHmac("sha256", macKey).update(`${channel.length} ${channel} ${rest}`).digest();

  /** Whether the number is greater than any before of that sender on that channel. */
  function isNew(channel: string, from: string, number: number): boolean {
    const key = `${from} ${channel}`;
    if (number <= (newest.get(key) ?? 0)) return false;
    newest.delete(key);
    newest.set(key, number);
    if (newest.size > REMEMBERED) newest.delete(newest.keys().next().value as string);
    return true;
  }

  return {
    close(channel, payload) {
      const rest = `${self} ${(sent += 1)} ${now()}\n${payload}`;
      return macOf(channel, rest).toString("base64url") + rest;
    },
    open(channel, text) {
      if (text.length > MAX_LENGTH) return { fault: "too long" };
      const rest = text.slice(MAC_LENGTH);
      if (!sameMac(text.slice(0, MAC_LENGTH), macOf(channel, rest))) return { fault: "not authentic" };
      const end = rest.slice(0, MAX_HEADER_LENGTH).indexOf("\n");
      const [, from, number, at] = HEADER.exec(rest.slice(0, Math.max(end, 0))) ?? [];
      if (from === undefined) return { fault: "malformed" };
      if (Math.abs(now() - Number(at)) > MAX_AGE_MS) return { fault: "too old, or the instances' clocks differ" };
      if (!isOwnChannel && Number(at) < start - BEFORE_START_MS) return { fault: "from before this instance's start" };
      if (from !== self && !isNew(channel, from, Number(number))) return { fault: "came before" };
      return { from, payload: rest.slice(end + 1) };
    },
  };
}

function sameMac(mac: string, expected: Buffer): boolean {
  const bytes = Buffer.from(mac, "base64url");
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}
