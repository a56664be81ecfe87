/** Parses times from outside. The machine's time zone does not matter: a time without a zone is UTC. */

/** ISO 8601 as RFC 3339 narrows it: a date, or a date and a time, with or without a zone. */
const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?/;
const TIME = /^[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?/;
const ZONE = /^(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)$/;

const MINUTE_MS = 60_000;

/** Milliseconds since the epoch; undefined for other formats and for days that do not exist. */
export function readTime(text: string): number | undefined {
  const date = DATE.exec(text.slice(0, 40));
  if (date === null || text.length > 40) return undefined;
  const day = parseDay(date);
  const rest = text.slice(date[0].length);
  if (day === undefined || rest === "") return day;
  const time = TIME.exec(rest);
  if (time === null || date[3] === undefined) return undefined;
  const sinceMidnight = timeOfDay(time);
  const zone = rest.slice(time[0].length);
  const offset = zone === "" ? 0 : parseOffset(ZONE.exec(zone));
  return sinceMidnight === undefined || offset === undefined ? undefined : day + sinceMidnight - offset;
}

function parseDay([, year, month = "01", day = "01"]: RegExpExecArray): number | undefined {
  const at = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.getUTCDate() === Number(day) ? at.getTime() : undefined;
}

function timeOfDay([, hours, minutes, seconds = "0", fraction = "0"]: RegExpExecArray): number | undefined {
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)];
  const ms = Math.floor(Number(`0.${fraction}`) * 1000);
  const since = ((hour * 60 + minute) * 60 + second) * 1000 + ms;
  // A leap second is the next minute's first; 24:00 is the next day's start.
  return minute <= 59 && second <= 60 && since <= 24 * 60 * MINUTE_MS ? since : undefined;
}

function parseOffset(zone: RegExpExecArray | null): number | undefined {
  if (zone === null) return undefined;
  const [, sign, hours = "0", minutes = "0"] = zone;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

const NAMED_ZONE = /(?:[a-z]{1,5}|[+-]\d\d:?\d\d)$/i;

/**
 * A date of an HTTP header (RFC 9110). It is always UTC, though its oldest form, asctime, does not say so, nor do
 * servers that leave out the zone or write ISO 8601.
 */
export function readHttpDate(text: string): number | undefined {
  const date = text.trim();
  const at = readTime(date) ?? Date.parse(NAMED_ZONE.test(date) ? date : `${date} GMT`);
  return Number.isNaN(at) ? undefined : at;
}
