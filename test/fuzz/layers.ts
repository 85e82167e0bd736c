/** Layers of random networks, each a few equations on rows `[n, d]`. */
import type { Random } from '../../src/verify/random.js'

/** What a layer reads and makes: rows of so many numbers for each sample. */
export interface Rows {
  readonly name: string
  readonly width: number
}

export interface Layer {
  readonly reads: readonly Rows[]
  readonly lines: readonly string[]
  readonly makes: Rows
}

interface Given {
  readonly random: Random
  /** Of the new rows, and for names of its own. */
  readonly name: string
  readonly from: () => Rows
  /** Other rows as wide as these, or the same. */
  readonly alike: (rows: Rows) => Rows
}

type Make = (given: Given) => Layer

const ACTIVATIONS = ['tanh', 'sigmoid', 'relu', 'softplus', 'sin', 'abs', 'exp(-2 + 0.1 * #)', 'erf', '# * sigmoid(#)', 'log1p(#^2)', 'sqrt(1 + #^2)', 'if # > 0.3 then # else 0.1 * #', '#'] as const // prettier-ignore
const applied = (activation: string, to: string): string =>
  activation.includes('#') ? activation.replaceAll('#', `(${to})`) : `${activation}(${to})`

const widths = (random: Random): number => random.integer(1, 8)

const dense: Make = ({ random, name, from }) => {
  const [x, width] = [from(), widths(random)]
  const lines = [
    `param W${name}: [${x.width}, ${width}] ~ normal(0, 0.5)`,
    `param b${name}: [${width}] ~ normal(0, 0.5)`,
    `p${name} = ${x.name} @ W${name}`,
    `${name}[s, i] = ${applied(random.choose(ACTIVATIONS), `p${name}[s, i] + b${name}[i]`)}`,
  ]
  return { reads: [x], lines, makes: { name, width } }
}

const pointwise: Make = ({ random, name, from, alike }) => {
  const x = from()
  const y = alike(x)
  const [a, b] = [`${x.name}[s, i]`, `${y.name}[s, i]`]
  const body = random.choose([
    `${a} * ${b}`, `${a} + 0.5 * ${b}`, `max(${a}, ${b})`, `min(${a}, 0.3 * ${b} + 0.1)`, `${a} / (1 + ${b}^2)`, `if ${a} < ${b} then ${a}^2 else ${b}`,
    `${a} - (if s < 2 then ${b} else 0)`, `hypot(${a}, ${b} + 2)`, `clamp(${a}, -0.5, 0.5) * ${b}`, `atan2(${a}, ${b}^2 + 1)`, `(if i == s then 2 else 0.5) * ${a} + ${b}`,
  ]) // prettier-ignore
  return {
    reads: [x, y],
    lines: [`${name}[s < n, i < ${x.width}] = ${body}`],
    makes: { name, width: x.width },
  }
}

const normalised: Make = ({ random, name, from }) => {
  const x = from()
  const byRows = random.uniform() < 0.5
  const [over, of] = byRows ? ['i', 's'] : ['s', 'i']
  const lines = [
    `param g${name}: [${x.width}] ~ normal(1, 0.2)`,
    `m${name}[${of}] = mean[${over}] ${x.name}[s, i]`,
    `v${name}[${of}] = mean[${over}] (${x.name}[s, i] - m${name}[${of}])^2`,
    `${name}[s, i] = g${name}[i] * (${x.name}[s, i] - m${name}[${of}]) / sqrt(v${name}[${of}] + 0.1)`,
  ]
  return { reads: [x], lines, makes: { name, width: x.width } }
}

const probabilities: Make = ({ random, name, from }) => {
  const x = from()
  const lines = random.choose([
    [`${name} = softmax(${x.name})`],
    [`l${name}[s] = logsumexp[i] ${x.name}[s, i]`, `${name}[s, i] = ${x.name}[s, i] - l${name}[s]`],
    [`q${name}[i] = logsumexp[s] ${x.name}[s, i]`, `${name}[s, i] = exp(${x.name}[s, i] - q${name}[i])`],
  ])
  return { reads: [x], lines, makes: { name, width: x.width } }
}

const attention: Make = ({ random, name, from }) => {
  const [x, y, width] = [from(), from(), widths(random)]
  const mask = random.choose(['', '', ' if t <= s', ' if abs(t - s) < 3'])
  const lines = [
    `param Q${name}: [${x.width}, ${width}] ~ normal(0, 0.5)`,
    `param K${name}: [${y.width}, ${width}] ~ normal(0, 0.5)`,
    `q${name} = ${x.name} @ Q${name}`,
    `k${name} = ${y.name} @ K${name}`,
    `a${name}[s, t < n] = sum[i] q${name}[s, i] * k${name}[t, i]`,
    ...(mask
      ? [`z${name}[s] = logsumexp[t${mask}] a${name}[s, t]`, `${name}[s, i] = sum[t${mask}] exp(a${name}[s, t] - z${name}[s]) * ${y.name}[t, i]`]
      : [`w${name} = softmax(a${name} / 2)`, `${name} = w${name} @ ${y.name}`]),
  ] // prettier-ignore
  return { reads: [x, y], lines, makes: { name, width: y.width } }
}

const recurrent: Make = ({ random, name, from }) => {
  const x = from()
  const d = x.width
  const cell = random.choose([
    `tanh(${x.name}[t, i] + sum[j] U${name}[i, j] * ${name}[t-1, j])`,
    `0.5 * ${name}[t-1, i] + ${x.name}[t, i] * sigmoid(sum[j] U${name}[i, j] * ${name}[t-1, j])`,
  ])
  const backwards = random.uniform() < 0.3
  const step = backwards ? cell.replaceAll('t-1', 't+1') : cell
  const lines = [
    `param U${name}: [${d}, ${d}] ~ normal(0, 0.4)`,
    `recur t < n {`,
    `  ${name}[${backwards ? 'n' : '-1'}] = ${random.choose([`zeros(${d})`, `ones(${d})`])}`,
    `  ${name}[t, i] = ${step}`,
    `}`,
  ]
  return { reads: [x], lines, makes: { name, width: d } }
}

/** A sequence of its own for each sample. */
const sequence: Make = ({ random, name }) => {
  const width = widths(random)
  const gated = random.uniform() < 0.5
  const state = gated
    ? [`g${name} = sigmoid(seq[:, t] @ V${name} + b${name})`, `h${name}[t] = g${name} * h${name}[t-1] + (1 - g${name}) * tanh(h${name}[t-1] @ U${name})`]
    : [`h${name}[t] = tanh(seq[:, t] @ V${name} + h${name}[t-1] @ U${name} + b${name})`] // prettier-ignore
  const last = random.choose([`${name} = h${name}[4]`, `${name}[s, i] = mean[t < 5] h${name}[t, s, i]`, `${name}[s, i] = max[t < 5] h${name}[t, s, i]`]) // prettier-ignore
  const lines = [
    `param V${name}: [3, ${width}] ~ normal(0, 0.5)`,
    `param U${name}: [${width}, ${width}] ~ normal(0, 0.5)`,
    `param b${name}: [${width}] ~ normal(0, 0.5)`,
    `recur t < 5 {`,
    `  h${name}[-1] = zeros(n, ${width})`,
    ...state.map((line) => `  ${line}`),
    `}`,
    last,
  ]
  return { reads: [], lines, makes: { name, width } }
}

const convolution: Make = ({ random, name }) => {
  const [filters, kernel, stride] = [random.integer(1, 4), random.integer(1, 4), random.integer(1, 3)]
  const side = Math.floor((6 - kernel) / stride) + 1
  const pool = side >= 2 ? random.choose(['max', 'mean', 'sum', '']) : ''
  const out = pool ? Math.floor(side / 2) : side
  const at = stride === 1 ? ['y + u', 'x + v'] : [`${stride} * y + u`, `${stride} * x + v`]
  const conv = `c${name}[s, f, y < ${side}, x < ${side}] = ${applied(random.choose(ACTIVATIONS), `b${name}[f] + sum[u, v] K${name}[f, u, v] * img[s, ${at[0]}, ${at[1]}]`)}`
  const pooled = pool
    ? `p${name}[s, f, y < ${out}, x < ${out}] = ${pool}[u < 2, v < 2] c${name}[s, f, 2 * y + u, 2 * x + v]`
    : `p${name} = c${name}`
  const width = filters * out * out
  const lines = [
    `param K${name}: [${filters}, ${kernel}, ${kernel}] ~ normal(0, 0.5)`,
    `param b${name}: [${filters}] ~ normal(0, 0.5)`,
    conv,
    pooled,
    `${name} = reshape(p${name}, n, ${width})`,
  ]
  return { reads: [], lines, makes: { name, width } }
}

const window: Make = ({ random, name, from }) => {
  const x = from()
  const size = random.integer(1, x.width + 1)
  const width = x.width - size + 1
  const [line, params] = random.choose<[string, string[]]>([
    [`${name}[s, i < ${width}] = max[k < ${size}] ${x.name}[s, i + k]`, []],
    [
      `${name}[s, i] = sum[k] w${name}[k] * ${x.name}[s, i + k]`,
      [`param w${name}: [${size}] ~ normal(0, 0.7)`],
    ],
    [`${name}[s, i < ${width}] = mean[k < ${size}] ${x.name}[s, i + k]^2`, []],
    [`${name}[s, i < ${width}] = prod[k < ${size}] ${x.name}[s, i + k]`, []],
  ])
  return { reads: [x], lines: [...params, line], makes: { name, width } }
}

/** Sums along samples and features under conditions on positions. */
const partial: Make = ({ random, name, from }) => {
  const x = from()
  const a = x.name
  const body = random.choose([
    `(sum[t if t <= s] ${a}[t, i]) / (s + 1)`,
    `sum[j if j <= i] ${a}[s, j]`,
    `sum[j if j != i] ${a}[s, j] * ${a}[s, i]`,
    `max[j if j <= i] ${a}[s, j]`,
    `(if s > 0 then ${a}[s - 1, i] else 0.5) - ${a}[s, i]`,
    `(sum[t if 0 <= s - t < 3] ${a}[t, i] * 0.5) + (if s < n - 1 then ${a}[s + 1, i] else 0)`,
    `${a}[n - 1 - s, i] + ${a}[s, ${x.width - 1} - i]`,
    `${a}[s, argmax[j] ${a}[s, j]] * ${a}[s, i]`,
  ])
  return { reads: [x], lines: [`${name}[s < n, i < ${x.width}] = ${body}`], makes: { name, width: x.width } }
}

const embedded: Make = ({ random, name, from }) => {
  if (random.uniform() < 0.5) {
    const width = widths(random)
    const lines = [`param E${name}: [4, ${width}] ~ normal(0, 0.7)`, `${name}[s, i] = E${name}[word[s], i]`]
    return { reads: [], lines, makes: { name, width } }
  }
  const x = from()
  const reduction = random.choose(['sum', 'sum', 'max'])
  const gathered = reduction === 'max' ? `max(${'#'}, -1)` : '#'
  const lines = [
    `t${name}[c < 4, i] = ${gathered.replace('#', `${reduction}[s if word[s] == c] ${x.name}[s, i]`)}`,
    `${name}[s, i] = t${name}[word[s], i] * ${x.name}[s, i]`,
  ]
  return { reads: [x], lines, makes: { name, width: x.width } }
}

/** Reductions of reductions, given back to the rows. */
const reduced: Make = ({ random, name, from }) => {
  const x = from()
  const a = x.name
  const lines = random.choose([
    [`r${name}[s] = sum[i] ${a}[s, i]^2`, `${name}[s, i] = ${a}[s, i] / sqrt(1 + r${name}[s])`],
    [`r${name}[s] = max[i] ${a}[s, i]`, `k${name} = mean[s] r${name}[s]`, `${name}[s, i] = ${a}[s, i] * k${name} - r${name}[s]`],
    [`G${name}[i, j] = mean[s] ${a}[s, i] * ${a}[s, j]`, `${name} = ${a} @ G${name}`],
    [`r${name}[i] = max[s] ${a}[s, i]`, `${name}[s, i] = ${a}[s, i] - r${name}[i]`],
    [`r${name} = sqrt(0.1 + sum[s, i] ${a}[s, i]^2)`, `${name}[s, i] = ${a}[s, i] / r${name}`],
    [`d${name}[s, t < n] = sum[i] (${a}[s, i] - ${a}[t, i])^2`, `${name}[s, i] = sum[t] exp(-d${name}[s, t]) * ${a}[t, i]`],
    [`r${name}[s] = logsumexp[i] ${a}[s, i]`, `q${name} = max[s] r${name}[s]`, `${name}[s, i] = ${a}[s, i] * (r${name}[s] - q${name})`],
    [`r${name}[s] = prod[i] (1 + 0.2 * ${a}[s, i])`, `${name}[s, i] = ${a}[s, i] + r${name}[s]`],
  ]) // prettier-ignore
  return { reads: [x], lines, makes: { name, width: x.width } }
}

const joined: Make = ({ random, name, from }) => {
  const [x, y] = [from(), from()]
  if (random.uniform() < 0.5 && x.width > 1)
    return { reads: [x], lines: [`${name} = ${x.name}[:, 1:]`], makes: { name, width: x.width - 1 } }
  return { reads: [x, y], lines: [`${name} = concat(${x.name}, ${y.name}, axis = 1)`], makes: { name, width: x.width + y.width } } // prettier-ignore
}

const MAKERS: readonly Make[] = [dense, dense, dense, pointwise, pointwise, normalised, probabilities, attention, recurrent, sequence, convolution, window, partial, embedded, reduced, reduced, joined] // prettier-ignore

export const drawLayer = (given: Given): Layer => given.random.choose(MAKERS)(given)
