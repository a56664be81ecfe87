/**
 * Multinomial logistic regression by stochastic gradient descent with AdaGrad. What is scored are classes; a class's
 * score is the sum of its traits' scores, so that what classes have in common is learnt from all of them. It has no
 * random numbers but its own: the same examples give the same weights.
 */

/** One example: the features that it has, by number, with their values; and the number of its class. */
export interface Row {
  readonly at: Int32Array;
  readonly value: Float32Array;
  readonly wanted: number;
}

export interface Shape {
  /** How many features there are. */
  readonly features: number;
  /** For each class the numbers of its traits, counted from 0. */
  readonly traits: readonly (readonly number[])[];
}

const EPOCHS = 6;
const RATE = 0.2;
/** What AdaGrad's sums of squares begin with, so that no first step is a leap. */
const FIRST_SUM = 0.01;
/** How strongly weights are drawn to zero. */
const DECAY = 1e-4;
/** An error that is smaller teaches nothing worth its time. */
const LEAST_ERROR = 2e-3;

/** What is learnt so far: for each feature a row of as many weights as there are traits, with AdaGrad's sums. */
interface State extends Shape {
  readonly width: number;
  readonly weights: Float32Array;
  readonly sums: Float32Array;
  /** For one example: each trait's score, and each class's chance. */
  readonly scores: Float64Array;
  readonly chances: Float64Array;
  /** For one example: by how much each trait's score is off, and the numbers of those that are, the first `wrong`. */
  readonly errors: Float64Array;
  readonly wrongTraits: Int32Array;
  wrong: number;
}

/** For each feature, how much it speaks for each trait. */
export function regress(rows: readonly Row[], shape: Shape): Float32Array[] {
  const state = stateFor(shape);
  const random = randomNumbers(1);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (const row of shuffled(rows, random)) {
      guess(state, row);
      compare(state, row.wanted);
      learn(state, row);
    }
  }
  return Array.from({ length: shape.features }, (_, feature) =>
    state.weights.slice(feature * state.width, (feature + 1) * state.width),
  );
}

function stateFor(shape: Shape): State {
  const width = Math.max(...shape.traits.flat()) + 1;
  return {
    ...shape,
    width,
    weights: new Float32Array(shape.features * width),
    sums: new Float32Array(shape.features * width).fill(FIRST_SUM),
    scores: new Float64Array(width),
    chances: new Float64Array(shape.traits.length),
    errors: new Float64Array(width),
    wrongTraits: new Int32Array(width),
    wrong: 0,
  };
}

/** Sets how likely each class is for `row`. */
function guess({ traits, width, weights, scores, chances }: State, { at, value }: Row): void {
  scores.fill(0);
  for (let i = 0; i < at.length; i++) {
    const from = (at[i] as number) * width;
    const x = value[i] as number;
    for (let trait = 0; trait < width; trait++)
      scores[trait] = (scores[trait] as number) + x * (weights[from + trait] as number);
  }
  let total = 0;
  for (let one = 0; one < chances.length; one++) {
    let score = 0;
    for (const trait of traits[one] as readonly number[]) score += scores[trait] as number;
    total += chances[one] = Math.exp(score);
  }
  for (let one = 0; one < chances.length; one++) chances[one] = (chances[one] as number) / total;
}

/** Sets by how much each trait's score is off where the class `wanted` was to be certain. */
function compare(state: State, wanted: number): void {
  const { traits, chances, errors, wrongTraits } = state;
  errors.fill(0);
  for (let one = 0; one < chances.length; one++) {
    const error = (chances[one] as number) - (one === wanted ? 1 : 0);
    if (Math.abs(error) < LEAST_ERROR) continue;
    for (const trait of traits[one] as readonly number[]) errors[trait] = (errors[trait] as number) + error;
  }
  state.wrong = 0;
  for (let trait = 0; trait < errors.length; trait++)
    if (Math.abs(errors[trait] as number) >= LEAST_ERROR) wrongTraits[state.wrong++] = trait;
}

/** One step of every weight that has to do with the errors. */
function learn({ width, weights, sums, errors, wrongTraits, wrong }: State, { at, value }: Row): void {
  for (let i = 0; i < at.length; i++) {
    const from = (at[i] as number) * width;
    const x = value[i] as number;
    for (let j = 0; j < wrong; j++) {
      const trait = wrongTraits[j] as number;
      const cell = from + trait;
      const weight = weights[cell] as number;
      const gradient = x * (errors[trait] as number) + DECAY * weight;
      const sum = (sums[cell] as number) + gradient * gradient;
      sums[cell] = sum;
      weights[cell] = weight - (RATE * gradient) / Math.sqrt(sum);
    }
  }
}

/** Fisher and Yates. */
function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}

/** Numbers in [0, 1), a linear congruential generator. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x80000000;
}
