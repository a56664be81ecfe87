/**
 * Multinomial logistic regression by stochastic gradient descent with AdaGrad. The score of a class is the sum of the
 * scores of its traits. Classes that share a trait therefore share its weights, and learn from each other's examples.
 * The random numbers have a fixed seed: the same examples give the same weights.
 */

/** One example: the indices of its features (`at`), their values, and the index of its class (`wanted`). */
export interface Row {
  readonly at: Int32Array;
  readonly value: Float32Array;
  readonly wanted: number;
}

export interface Shape {
  /** The number of features. */
  readonly features: number;
  /** For each class, the indices of its traits, from 0. */
  readonly traits: readonly (readonly number[])[];
}

const EPOCHS = 6;
const RATE = 0.2;
/** The initial value of AdaGrad's sums of squared gradients. It limits the size of the first steps. */
const FIRST_SUM = 0.01;
/** The factor of L2 regularisation (weight decay). */
const DECAY = 1e-4;
/** Smaller errors are ignored: they would cost time and hardly change a weight. */
const LEAST_ERROR = 2e-3;

/** The state of the training. `weights` and AdaGrad's `sums` are matrices: a row per feature, a column per trait. */
interface State extends Shape {
  readonly width: number;
  readonly weights: Float32Array;
  readonly sums: Float32Array;
  /** For the current example: the score of each trait, and the probability of each class. */
  readonly scores: Float64Array;
  readonly chances: Float64Array;
  /** For the current example: the error of each trait. The first `wrong` items of `wrongTraits` are those with one. */
  readonly errors: Float64Array;
  readonly wrongTraits: Int32Array;
  wrong: number;
}

/** Trains the model. Returns for each feature its weight for each trait. */
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

/** Computes the probability of each class for one example (softmax), into `chances`. */
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

/** Computes the error of each trait, into `errors`: the target probability is 1 for class `wanted`, else 0. */
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

/** Updates each weight whose feature is in the example and whose trait has an error. */
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

/** A shuffled copy (Fisher-Yates). */
function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}

/** A linear congruential generator of numbers in [0, 1). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x80000000;
}
