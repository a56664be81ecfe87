/** Processor time: a busy machine does not lengthen it, as it does the time on the clock. */

/** Milliseconds of processor time that `work` took; the least of `tries`: a garbage collection does not count. */
export async function processorTime(work: () => unknown, tries = 2): Promise<number> {
  let least = Infinity;
  for (let count = 0; count < tries; count++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}
