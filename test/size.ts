/**
 * How much those tests try that try much: a little in `npm test`, TEST_TIMES as much in `npm run test:long`. What each
 * begins with is its own number; every kind of test has some runs at 1.
 */
export const TIMES = Number(process.env["TEST_TIMES"] ?? 1);
if (!(TIMES >= 1)) throw new Error(`TEST_TIMES is "${process.env["TEST_TIMES"]}". Give a number from 1 up.`);

/** Whether the cases run too that take long and are much like one that always runs. */
export const isLong = TIMES > 1;
