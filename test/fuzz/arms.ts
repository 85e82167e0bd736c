/**
 * Arms that are not taken: functions of arrays some of whose entries are undefined or overflow, used behind conditions alone that do not hold
 * there. The same function with harmless numbers in their place has the same derivatives, to every order.
 */
import { compileModule } from '../../src/compile.js'
import type { Random } from '../../src/verify/random.js'
import { evaluate, run } from '../codegen/load.js'
import type { Kind, Outcome } from './failure.js'

const N = 4
const ROWS = 2
const ORDERS = ['value', 'slope', 'curve', 'third'] as const
const MOST_TRIES = 25

/** What is undefined or overflows, at which numbers. */
const BAD = [
  { at: 0, functions: ['log(X)', '1/X', 'X^-0.5', 'log(X)^2', 'X*log(X)', 'X^-2', 'sqrt(X)', 'X^0.3'] },
  { at: -1, functions: ['log(X)', 'sqrt(X)', 'X^1.5', 'acosh(X)', 'log1p(X)', 'X^y[i]'] },
  { at: 1000, functions: ['exp(X)', 'sinh(X)', 'X*exp(X)', 'exp(exp(X/2))', 'expm1(X)', '2^X', 'cosh(X)/X'] },
] as const

interface Line {
  readonly name: string
  readonly text: string
}

interface Case {
  readonly bad: number
  /** So many entries at the beginning are bad. */
  readonly first: number
  readonly lines: readonly Line[]
  readonly terms: readonly string[]
}

function drawCase(random: Random): Case {
  const { at: bad, functions } = random.choose(BAD)
  const first = random.integer(1, 3)
  const lines: Line[] = []
  const entries = ['u[i]', 'y[i]', '2', 'w0[i]']
  /** What may stand in an arm alone. */
  const behind = ['w[i]']
  const scalars = ['1.5', 'k']
  const behindFlag: string[] = []
  const terms: string[] = []
  let count = 0
  const define = (prefix: string, indices: string, body: string, to: string[]): void => {
    const name = `${prefix}${count++}`
    lines.push({ name, text: `${name}${indices} = ${body}` })
    to.push(`${name}${indices}`)
  }
  const plain = (): string =>
    random.choose([
      () => random.choose(functions).replaceAll('X', 'w[i]'),
      () => random.choose(['tanh(X)', 'X^2', 'X*u[i]', 'X + w0[i]', 'exp(-X)', 'sin(X)', 'sqrt(1 + X^2)', 'abs(X)', 'X/(1 + X^2)', 'max(X, 1)', 'sigmoid(X)', 'log(3 + X^2)', 'softplus(X)']).replaceAll('X', random.choose(behind)), // prettier-ignore
      () => random.choose(behind),
    ])()
  const arm = (): string =>
    random.choose([
      () => random.choose(behind),
      () => plain(),
      () => `${random.choose(behind)} * ${random.choose(behind)}`,
      () => `${random.choose(behind)} * ${random.choose(entries)}`,
      () => `(${random.choose(behind)} + ${random.choose(scalars)})^2`,
      () => `${random.choose(scalars)} * ${plain()}`,
    ])()
  const simple = (): string =>
    random.choose([
      ...(bad > 5 ? ['w0[i] < 100', 'w0[i] < 50', 'not (w0[i] > 100)'] : ['w0[i] > 1', 'w0[i] > 0.5', 'not (w0[i] <= 0)', '1 < w0[i]']), // prettier-ignore
      'y[i] > 0',
      `i >= ${first}`,
      `i > ${first}`,
      `i >= ${first + 1}`,
      'ok[i] > 0',
      'ok[i] == 1',
      'y[i] > 0.25',
    ])
  const condition = (): string =>
    random.uniform() < 0.7
      ? simple()
      : `${simple()} and ${random.choose(['u[i] > 0', `i < ${N - 1}`, 'w0[i] < 1.6', simple(), 'k > 0'])}`
  const choice = (): string => {
    const other = random.choose([
      '0',
      '0',
      'u[i]',
      random.choose(entries),
      `${random.choose(scalars)} * w0[i]`,
    ])
    const kind = random.uniform()
    if (kind < 0.15)
      return `if ${condition()} then (if ${condition()} then ${arm()} else ${arm()}) else ${other}`
    if (kind < 0.3) return `if not (${condition()}) then ${other} else ${arm()}`
    if (kind < 0.4) return `if u[i] > 0 then (if ${condition()} then ${arm()} else ${other}) else if ${condition()} then ${arm()} else 0` // prettier-ignore
    return `if ${condition()} then ${arm()} else ${other}`
  }
  const recur = (step: string, start: string, to: string[]): void => {
    const name = `c${count++}`
    const body = step.replaceAll('C[i', `${name}[i`).replaceAll(/\bi\b/g, 't')
    const first = step.includes('C[i + 1') ? N : -1
    lines.push({
      name,
      text: `recur t < ${N} {\n    ${name}[${first}] = ${start}\n    ${name}[t] = ${body}\n  }`,
    })
    to.push(to === behindFlag ? `${name}[${N - 1}]` : `${name}[i]`)
  }
  const wanted = random.integer(3, 10)
  define('q', '[i]', random.choose(functions).replaceAll('X', 'w[i]'), behind)
  while (count < wanted)
    random.choose([
      () => recur(`0.5 * tanh(C[i - 1]) + (${choice()})`, '0.3', entries),
      () => recur(`if ${condition()} then ${arm()} * C[i - 1] else C[i - 1]`, '1', entries),
      () => recur(`0.1 * C[i - 1] * ${arm()}`, '1', behindFlag),
      // From the last, so that what is bad comes after what counts.
      () => recur(`0.5 * C[i + 1] + ${arm()}`, '0.3', behind),
      () => recur(`tanh(C[i + 1]) * ${plain()} + 0.1`, '0.5', behind),
      () => define('q', '[i]', plain(), behind),
      () => define('a', '[i]', choice(), entries),
      () => define('a', '[i]', choice(), entries),
      () => define('a', '[i]', choice(), entries),
      () => define('s', '', `sum[i] (${choice()})`, scalars),
      () => define('s', '', `${random.choose(['sum', 'logsumexp', 'max', 'min', 'prod', 'mean'])}[i if ${condition()}] ${arm()}`, scalars), // prettier-ignore
      () => define('r', '', `sum[j] (sum[i] (if mask[j, i] > 0 then ${arm()} else 0))^2`, scalars),
      () => define('m', '[i]', `sum[j] (if mask[j, i] > 0 then ${arm()} else 0) * mask[j, i]`, entries),
      () => define('v', '[i]', `if i >= ${first + 1} then ${random.choose(behind)} - ${random.choose(behind).replace('[i]', '[i - 1]')} else 0`, entries), // prettier-ignore
      () =>
        define(
          't',
          '',
          `${random.choose(['sum', 'logsumexp', 'prod', 'max', 'mean'])}[i] ${arm()}`,
          behindFlag,
        ),
      () => define('f', '[i]', `if ${condition()} then fun(${random.choose(behind)}, ${random.choose(entries)}) else 0`, entries), // prettier-ignore
      () => define('h', '[i]', `if i == 0 then 0 else 0.5 * ${random.choose(entries).replace('[i]', '[i - 1]')} + (${choice()})`, entries), // prettier-ignore
    ])()
  for (const entry of entries.slice(4)) terms.push(random.choose([`(sum[i] ${entry})`, `(sum[i] ${entry}^2)`, `(sum[i] ${entry} * u[i])`, `${entry.replace('[i]', `[${N - 1}]`)}^2`, `tanh(sum[i] 0.1 * ${entry})`])) // prettier-ignore
  for (const scalar of scalars.slice(2))
    terms.push(random.choose([scalar, `0.1 * ${scalar}^2`, `sin(${scalar})`]))
  for (const scalar of behindFlag)
    terms.push(`(if ${random.choose(['flag > 0', 'flag > 0.5', 'flag > 0 and k > 0', 'not (flag <= 0)'])} then ${random.choose([scalar, `${scalar}^2`, `log(${scalar})`, `k * ${scalar}`])} else ${random.choose(['0', 'k^2'])})`) // prettier-ignore
  return { bad, first, lines, terms: [...terms, 'k^2 + (sum[i] sin(w0[i]))'] }
}

function sourceOf({ lines, terms }: Case): string {
  const parameters = [`w0: [${N}]`, `u: [${N}]`, 'k', `y: [${N}]`, `mask: [${ROWS}, ${N}]`, `ok: [${N}]`, 'flag'] // prettier-ignore
  const args = parameters.map((text) => text.split(':')[0]).join(', ')
  const heading = parameters.join(', ')
  return [
    'fn fun(x, b) = x * b + x^2',
    `export fn value(${heading}) {`,
    '  w[i] = W',
    ...lines.map(({ text }) => `  ${text}`),
    `  return ${terms.join(' + ')}`,
    '}',
    `export fn slope(${heading}) = grad(value(${args}), w0)`,
    `export fn curve(${heading}) = hessian(value(${args}), w0)`,
    `export fn third(${heading}) {`,
    `  g = grad(value(${args}), w0)`,
    `  c = hvp(sum[i] g[i] * u[i], w0, u)`,
    `  return c`,
    '}',
  ].join('\n')
}

async function compiled(text: string, target: 'js' | 'wasm'): Promise<Record<string, unknown>> {
  const { code, diagnostics } = compileModule(text, { filename: 'arms.nn', dtype: 'f64', target })
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('; '))
  return evaluate(code)
}

async function judge(
  drawn: Case,
  values: readonly unknown[],
  target: 'js' | 'wasm',
  orders: number,
): Promise<{ compared: number; wrong?: string }> {
  // prettier-ignore
  const source = sourceOf(drawn)
  const plain = await compiled(source.replace('= W', '= w0[i]'), target)
  const safe = await compiled(source.replace('= W', '= if ok[i] > 0 then w0[i] else 1.5'), target)
  let compared = 0
  for (const order of ORDERS.slice(0, orders)) {
    const [found, expected] = [plain, safe].map((module) => numbersOf(run(module, order, ...values)))
    const scale = Math.max(1e-3, ...expected.map(Math.abs).filter(Number.isFinite))
    if (scale > 1e12) continue
    for (const [at, value] of expected.entries()) {
      if (!Number.isFinite(value)) continue
      compared++
      if (!(Math.abs(found[at] - value) <= 1e-7 * scale))
        return { compared, wrong: `${order}[${at}] = ${found[at]} instead of ${value}` }
    }
  }
  return { compared }
}

function numbersOf(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value]
  if (value instanceof Float64Array) return [...value]
  if (Array.isArray(value)) return value.flatMap(numbersOf)
  if (typeof value === 'object' && value !== null && 'data' in value) return numbersOf(value.data)
  throw new Error(`no numbers: ${typeof value} ${JSON.stringify(value)}`)
}

function* smaller(drawn: Case): Generator<Case> {
  const { lines, terms } = drawn
  if (terms.length > 1) for (const at of terms.keys()) yield { ...drawn, terms: terms.toSpliced(at, 1) }
  for (const [at, { name }] of lines.entries()) {
    const rest = lines.toSpliced(at, 1)
    const text = [...rest.map((line) => line.text), ...terms].join(' ')
    if (!new RegExp(`\\b${name}\\b`).test(text)) yield { ...drawn, lines: rest }
  }
  for (const [at, { name, text }] of lines.entries()) {
    const put = (other: string): Case => ({ ...drawn, lines: lines.with(at, { name, text: other }) })
    if (text.startsWith('recur')) continue
    const [head, body] = text.split(' = ', 2)
    if (body.startsWith('if') && body !== 'w[i]') yield put(`${head} = u[i]`)
  }
}

async function runCase(random: Random): Promise<Outcome> {
  const drawn = drawCase(random)
  const list = (length: number, draw: (at: number) => number): number[] => Array.from({ length }, (_, at) => draw(at)) // prettier-ignore
  const isBad = (at: number): boolean => at < drawn.first
  const w = list(N, (at) => (isBad(at) ? drawn.bad : random.between(1.2, 1.9)))
  const u = list(N, () => random.normal())
  const y = list(N, (at) => (isBad(at) ? -0.5 : random.choose([-0.5, 0.75])))
  const mask = list(ROWS, () => 0).map(() => list(N, (at) => (isBad(at) ? 0 : random.integer(0, 2))))
  const ok = list(N, (at) => (isBad(at) ? 0 : 1))
  const values = [w, u, 0.7, y, mask, ok, -1]
  const target = random.uniform() < 0.7 ? 'js' : 'wasm'
  const orders = random.integer(2, 5)
  const judged = async (other: Case): Promise<{ compared: number; wrong?: string }> => {
    try {
      return await judge(other, values, target, orders)
    } catch (error) {
      return { compared: 0, wrong: String(error) }
    }
  }
  const first = await judged(drawn)
  const { compared } = first
  let { wrong } = first
  if (wrong === undefined) return { compared }
  let best = drawn
  const isSame = (other: string): boolean => other.includes('instead') === wrong?.includes('instead')
  for (let tries = 0, found = true; found && tries < MOST_TRIES;) {
    found = false
    for (const candidate of smaller(best)) {
      if (++tries > MOST_TRIES) break
      const outcome = await judged(candidate)
      if (outcome.wrong === undefined || !isSame(outcome.wrong)) continue
      best = candidate
      wrong = outcome.wrong
      found = true
      break
    }
  }
  const input = `${sourceOf(best).replace('= W', '= w0[i]')}\n${target} ${JSON.stringify(values)}`
  return { compared, failure: { input, what: wrong } }
}

export const arms: Kind = {
  name: 'arms',
  doc: 'derivatives of what stands behind conditions that do not hold, against those with harmless numbers there',
  few: 4,
  run: runCase,
}
