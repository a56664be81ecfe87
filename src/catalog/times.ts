/** Reads times that others wrote. None depends on the machine's zone: what names no zone is UTC. */

/** ISO 8601 as RFC 3339 narrows it: a date, or a date and a time, with or without a zone. */
const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?/;
const TIME = /^[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?/;
const ZONE = /^(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)$/;

const MINUTE_MS = 60_000;

/** Milliseconds since the epoch; undefined for what is no such time, or names a day that does not exist. */
export function readTime(text: string): number | undefined {
  const date = DATE.exec(text.slice(0, 40));
  if (date === null || text.length > 40) return undefined;
  const day = dayOf(date);
  const rest = text.slice(date[0].length);
  if (day === undefined || rest === "") return day;
  const time = TIME.exec(rest);
  if (time === null || date[3] === undefined) return undefined;
  const since = timeOfDay(time);
  const zone = rest.slice(time[0].length);
  const ahead = zone === "" ? 0 : offsetOf(ZONE.exec(zone));
  return since === undefined || ahead === undefined ? undefined : day + since - ahead;
}

function dayOf([, year, month = "01", day = "01"]: RegExpExecArray): number | undefined {
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

function offsetOf(zone: RegExpExecArray | null): number | undefined {
  if (zone === null) return undefined;
  const [, sign, hours = "0", minutes = "0"] = zone;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

/** A date of HTTP's headers, which is UTC whether it says so (RFC 9110) or not, as its oldest form does not. */
export function readHttpDate(text: string): number | undefined {
  const at = Date.parse(/\d{4}\s*$/.test(text) ? `${text.trim()} GMT` : text);
  return Number.isNaN(at) ? undefined : at;
}
