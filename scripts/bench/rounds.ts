/** Repetitions in which contenders take turns, each round in another order. */

/** Runs `measure` for each contender in each of `count` rounds, one after the other. */
export async function rounds<T>(
  count: number,
  contenders: readonly T[],
  measure: (contender: T, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < count; round++) {
    const first = round % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)])
      await measure(contender, round);
  }
}
