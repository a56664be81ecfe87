/** How long some work holds the event loop: what everyone else waits for. */

/**
 * Milliseconds of processor time of the longest stretch in which the event loop had no turn: of the first try that is
 * below `enough`, or the least of `tries`. A busy machine lengthens the time on the clock, not this; a garbage
 * collection does not count where one try has none.
 */
export async function longestBlock(work: () => Promise<unknown>, enough: number, tries = 3): Promise<number> {
  let least = Infinity;
  for (let count = 0; count < tries && least >= enough; count++) least = Math.min(least, await blockOf(work));
  return least;
}

async function blockOf(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let before = process.cpuUsage();
  let goesOn = true;
  const measure = (): void => {
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
    before = process.cpuUsage();
    if (goesOn) setImmediate(measure);
  };
  await turn();
  before = process.cpuUsage();
  setImmediate(measure);
  await work();
  await turn();
  goesOn = false;
  measure();
  await turn();
  return longest;
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
