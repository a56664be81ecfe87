/** The judge of the chaos test finds what it is there to find. */
import { expect, it } from "vitest";
import { judge, judgeReplay } from "./judge.ts";
import type { Course } from "./course.ts";
import type { SeenEvent } from "./sse-events.ts";

const step = (n: number, id = `t.s.${n}`): SeenEvent => ({
  id,
  data: JSON.stringify({ method: "notifications/progress", params: { progress: n } }),
});
const result: SeenEvent = {
  id: "t.s.4",
  data: JSON.stringify({ id: "a", result: { content: [{ text: '{"name":"a","count":3}' }] } }),
};
const unknown: SeenEvent = {
  id: "t.s.9",
  data: JSON.stringify({ id: "a", error: { data: { outcome: "unknown", checkWith: "get_stream" } } }),
};
const course = (events: readonly SeenEvent[], firstId = "t.s.0"): Course => ({
  name: "a",
  count: 3,
  events,
  session: "s",
  firstId,
  resumptions: 0,
  unaccepted: [],
});
const ONCE = new Map([["a", 1]]);

it.each<[string, readonly SeenEvent[], string, readonly string[]]>([
  ["all in order", [step(1), step(2), step(3), result], "result", []],
  ["a dead instance", [step(1), unknown], "outcome unknown", []],
  ["a lost step", [step(1), step(3), result], "result", ["step 3 came as the 2th", "1 steps are lost"]],
  ["the last step lost", [step(1), step(2), result], "result", ["1 steps are lost"]],
  [
    "a doubled step",
    [step(1), step(2), step(2), step(3), result],
    "result",
    ["an event came twice", "step 2 came as the 3th", "step 3 came as the 4th", "-1 steps are lost"],
  ],
  [
    "steps out of order",
    [step(2), step(1), step(3), result],
    "result",
    ["step 2 came as the 1th", "step 1 came as the 2th"],
  ],
  [
    "two answers",
    [step(1), step(2), step(3), result, { ...unknown }],
    "outcome unknown",
    ["not ended by its one answer"],
  ],
  [
    "something after the answer",
    [step(1), step(2), result, step(3)],
    "wrong",
    ["not ended by its one answer", expect.stringContaining("an error")],
  ],
  ["no answer", [step(1)], "wrong", ["not ended by its one answer", expect.stringContaining("an error")]],
])("%s", (_title, events, ending, faults) => {
  expect(judge(course(events), ONCE)).toEqual({ ending, faults });
});

it("sees a call that ran twice, and an unkept one that ended with an error", () => {
  expect(judge(course([step(1), step(2), step(3), result]), new Map([["a", 2]])).faults).toEqual(["it ran twice"]);
  expect(judge(course([unknown], ""), ONCE).faults).toEqual(["an unkept call ended with an error"]);
});

it("holds what is kept against what was sent", () => {
  const full = [step(1), step(2), step(3), result];
  const faults = (sent: readonly SeenEvent[], kept: readonly SeenEvent[]) =>
    judgeReplay(course(sent), kept).faults.length;
  expect(judgeReplay(course(full), full)).toEqual({ cutShort: false, faults: [] });
  expect(judgeReplay(course(full), [step(1), unknown])).toEqual({ cutShort: true, faults: [] });
  expect(faults(full, full.slice(1))).toBe(1);
  expect(faults(full, full.slice(0, 3))).toBe(1);
  expect(faults(full, [...full, unknown])).toBe(1);
  expect(faults([step(1), step(2), unknown], [step(1), unknown])).toBe(0);
  expect(faults([step(1), step(2), unknown], [step(2), unknown])).toBe(1);
  expect(faults([step(1), unknown], [step(1), step(2), unknown])).toBe(1);
  expect(faults([step(1), unknown], [step(1), result])).toBe(1);
});
