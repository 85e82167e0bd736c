/** How good a classifier is. Labels and predictions are classes 0, 1, … */

/** Precision, recall and their harmonic mean F1; 0 where a class was never predicted or never there. */
export interface Scores {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

export interface Metrics {
  readonly accuracy: number
  readonly errorRate: number
  readonly classes: readonly Scores[]
  /** The means over classes. */
  readonly macro: Scores
  /** From the counts of all classes together. With one class for each sample, all three are the accuracy. */
  readonly micro: Scores
}

export function measure(labels: ArrayLike<number>, predictions: ArrayLike<number>, classes: number): Metrics {
  const counts = Array.from({ length: classes }, () => ({ both: 0, predicted: 0, labelled: 0 }))
  for (let s = 0; s < labels.length; s++) {
    counts[labels[s]].labelled++
    counts[predictions[s]].predicted++
    if (labels[s] === predictions[s]) counts[labels[s]].both++
  }
  const scores = counts.map(({ both, predicted, labelled }) => scoresOf(both, predicted, labelled))
  const both = sum(counts.map((count) => count.both))
  const accuracy = both / labels.length
  return {
    accuracy,
    errorRate: 1 - accuracy,
    classes: scores,
    macro: {
      precision: mean(scores.map(({ precision }) => precision)),
      recall: mean(scores.map(({ recall }) => recall)),
      f1: mean(scores.map(({ f1 }) => f1)),
    },
    micro: scoresOf(
      both,
      sum(counts.map(({ predicted }) => predicted)),
      sum(counts.map(({ labelled }) => labelled)),
    ),
  }
}

/** Of what was predicted as a class, how much was right; of what is in it, how much was found. */
function scoresOf(both: number, predicted: number, labelled: number): Scores {
  return {
    precision: predicted > 0 ? both / predicted : 0,
    recall: labelled > 0 ? both / labelled : 0,
    f1: predicted + labelled > 0 ? (2 * both) / (predicted + labelled) : 0,
  }
}

/** The rows of a table for people: each class, macro and micro. */
export function formatMetrics({ classes, macro, micro }: Metrics, names: readonly string[]): string {
  const width = Math.max(...names.map(({ length }) => length), 'macro mean'.length)
  const row = (name: string, { precision, recall, f1 }: Scores) =>
    `${name.padEnd(width)}  ${[precision, recall, f1].map((score) => score.toFixed(3).padStart(9)).join('  ')}`
  return [
    `${''.padEnd(width)}  precision     recall         F1`,
    ...classes.map((scores, c) => row(names[c], scores)),
    row('macro mean', macro),
    row('micro mean', micro),
  ].join('\n')
}

/** The class with the highest score in each row of a matrix. */
export function bestOf(scores: ArrayLike<number>, classes: number): Uint32Array {
  return Uint32Array.from({ length: scores.length / classes }, (_, s) => {
    let best = 0
    for (let c = 1; c < classes; c++) if (scores[s * classes + c] > scores[s * classes + best]) best = c
    return best
  })
}

export function accuracyOf(labels: ArrayLike<number>, predictions: ArrayLike<number>): number {
  let right = 0
  for (let s = 0; s < labels.length; s++) if (labels[s] === predictions[s]) right++
  return right / labels.length
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function mean(numbers: readonly number[]): number {
  return sum(numbers) / numbers.length
}
