import { expect, test } from 'vitest'
import { analyse, compileModule, emit } from '../../src/compile.js'
import type { Mutation } from '../../src/differentiate/partials.js'
import type { Graph } from '../../src/ir/graph.js'
import { checkGradients, formatReport } from '../../src/verify/check.js'
import { checkSource } from '../../src/verify/check-source.js'

const MODEL = `
fn gate(x, sharpness = 2) = sigmoid(sharpness * x) * x

model Net(x: [n, 3], label: int[n]) {
  param W: [3, 4] ~ he
  param E: [5, 4] ~ normal(0, 1)
  h[s, j] = tanh((sum[k] x[s, k] * W[k, j]) + E[label[s], j])
  logits[s, i] = if h[s, i] > 0 then h[s, i]^2 else gate(h[s, i])
  out probs = softmax(logits)
  loss mean[s] -log(probs[s, label[s]])
}

export fn pair(a: [n], b: [n]) {
  total = sum[i] a[i] * exp(b[i])
  return a / (1 + b^2), total
}
`

test('every function and model is checked, exported or not', async () => {
  const report = await checkGradients(MODEL, { filename: 'net.nn' })
  expect(report.diagnostics).toEqual([])
  expect(formatReport(report)).toMatch(/PASS: all gradients agree\n$/)
  expect(new Set(report.rows.map(({ entry }) => entry))).toEqual(new Set(['gate', 'Net', 'pair']))
  expect(new Set(report.rows.map(({ against }) => against))).toEqual(
    new Set(['value', 'tape', 'duals', 'differences', 'f32']),
  )
})

test('one definition may be several results', async () => {
  const report = await checkGradients('export fn f(x: [n]) { y = sin(x); return y, y, x }')
  expect(formatReport(report)).toMatch(/PASS: all gradients agree\n$/)
})

test('a gradient by data is right alone, not only beside others', async () => {
  const source = 'model M(a: [n], b: [n]) { param w; z = tanh(w * a * b); loss sum(z^2) }'
  const { rows } = await checkSource({
    analyse: () => analyse(source),
    emit(dtype) {
      const { code, diagnostics } = compileModule(source, { dtype })
      expect(code).toContain('if (with_b)')
      return { code: code.replace('if (with_b)', 'if (with_a && with_b)'), diagnostics }
    },
  })
  const failed = rows.filter(({ verdict }) => verdict === 'fail')
  expect(failed.map(({ wrt, against }) => `${wrt} ${against}`)).toEqual(['b tape'])
})

test('errors of the file are the report', async () => {
  const report = await checkGradients('fn f(x) = y\n')
  expect(report).toMatchObject({ ok: false, rows: [], entries: 0 })
  expect(report.diagnostics[0].message).toMatch(/'y' is not defined/)
})

/** The check of a module whose differentiator is at fault. */
async function checkFaulty(faulty: (graph: Graph) => Mutation): Promise<boolean> {
  const report = await checkSource({
    analyse: () => analyse(MODEL),
    emit(dtype) {
      const { program, diagnostics } = analyse(MODEL)
      if (!program) throw new Error('the model has errors')
      return {
        ...emit(program, { dtype, exportAll: true }, { mutation: faulty(program.graph) }),
        diagnostics,
      }
    },
  })
  return report.ok
}

const scaling =
  (operator: string) =>
  (graph: Graph): Mutation => ({
    partial: (name, _, partial) => (name === operator ? graph.mul(graph.num(1.001), partial) : partial),
  })

/** Drops the last condition of each list. */
const dropping = (which: 'delta' | 'guard') => (): Mutation => ({
  [which]: (conditions: Parameters<NonNullable<Mutation['guard']>>[0]) => conditions.slice(0, -1),
})

test.each([
  ['mul', scaling('mul')],
  ['pow', scaling('pow')],
  ['tanh', scaling('tanh')],
  ['sigmoid', scaling('sigmoid')],
  ['exp', scaling('exp')],
  ['a delta', dropping('delta')],
  ['a guard', dropping('guard')],
])('a fault of the compiler in %s is found in the emitted module', async (_, faulty) => {
  expect(await checkFaulty(faulty)).toBe(false)
})
