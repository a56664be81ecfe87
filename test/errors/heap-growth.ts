/** How much memory some work takes: what it holds and what it leaves to be collected. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/**
 * Bytes by which the heap is larger after `work` than before it, where nothing was left over: of the first try that is
 * below `enough`, or the least of `tries`.
 */
export async function heapGrowth(work: () => Promise<unknown>, enough: number, tries = 3): Promise<number> {
  let least = Infinity;
  for (let count = 0; count < tries && least >= enough; count++) {
    collect();
    const before = process.memoryUsage().heapUsed;
    await work();
    least = Math.min(least, process.memoryUsage().heapUsed - before);
  }
  return least;
}
