/** Work that is done a few at a time: in any order, answered in the given one, and stopped by the first failure. */
import { describe, expect, test } from "vitest";
import { inParallel } from "../../src/composites/steps/in-parallel.ts";

/** Work that ends when it is told to. */
function gated() {
  const begun: number[] = [];
  const ends = new Map<
    number,
    { readonly resolve: (value: string) => void; readonly reject: (error: Error) => void }
  >();
  const work = (item: number) => {
    begun.push(item);
    return new Promise<string>((resolve, reject) => ends.set(item, { resolve, reject }));
  };
  const finish = (item: number) => ends.get(item)?.resolve(`done ${item}`);
  const fail = (item: number) => ends.get(item)?.reject(new Error(`failed ${item}`));
  return { begun, work, finish, fail };
}

/** A turn of the event loop, in which all that can go on does. */
const turn = () => new Promise((resolve) => void setImmediate(resolve));

describe("work on many things", () => {
  test("is done four at a time, and answered in their order", async () => {
    const { begun, work, finish } = gated();
    const reports: number[] = [];
    const answers = inParallel([0, 1, 2, 3, 4, 5], work, (done) => reports.push(done));
    await turn();
    expect(begun).toEqual([0, 1, 2, 3]);
    finish(3);
    await turn();
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    for (const item of [4, 5, 2, 1, 0]) {
      finish(item);
      await turn();
    }
    expect(await answers).toEqual([0, 1, 2, 3, 4, 5].map((item) => `done ${item}`));
    expect(reports).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("begins nothing more once something has failed, and waits for what has begun", async () => {
    const { begun, work, finish, fail } = gated();
    let isOver = false;
    const answers = inParallel([0, 1, 2, 3, 4, 5], work).finally(() => (isOver = true));
    const failure = expect(answers).rejects.toThrow("failed 1");
    await turn();
    fail(1);
    finish(0);
    await turn();
    expect([begun, isOver]).toEqual([[0, 1, 2, 3], false]);
    finish(2);
    fail(3);
    await failure;
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  test("on nothing is done at once", async () => {
    expect(await inParallel([], async () => "never")).toEqual([]);
  });
});
