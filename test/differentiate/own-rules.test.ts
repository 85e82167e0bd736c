/** Derivative rules that files state: they are used in every mode and order, and compared with what they stand for. */
import { describe, expect, test } from 'vitest'
import { analyse, compileModule } from '../../src/compile.js'
import { runPasses } from '../../src/ir/pass.js'
import { printProgram } from '../../src/ir/print.js'
import { readProgram } from '../../src/ir/read.js'
import { verifyProgram } from '../../src/ir/verify.js'
import { pipeline } from '../../src/pipeline.js'
import { checkGradients, formatReport } from '../../src/verify/check.js'
import { load, run } from '../codegen/load.js'
import { TARGET } from '../target.js'

const ANGLE = `fn angle(y, x) = atan2(y, x)
derivative of angle(y, x) by y = x / (x^2 + y^2)
derivative of angle(y, x) by x = -y / (x^2 + y^2)
`
const PARTLY = `fn wave(a, x) = a^2 * sin(x * a)
derivative of wave(a, x) by x = a^3 * cos(x * a)
`
const SELF = `fn squash(x) = tanh(x)
derivative of squash(x) = 1 - squash(x)^2
`
const MIX = `fn mix(A: [n, m], b: [m]) = A @ b^2
derivative of mix(A: [n, m], b: [m]) by b given g = 2 * b * (A' @ g)
`

/** Right rules: everything must agree with the derivative of the body, to the second order as well. */
const RIGHT: Readonly<Record<string, string>> = {
  'partials of numbers': `${ANGLE}fn f(a: [n], b: [n]) = sum(angle(a, b)^2)`,
  'a broadcast argument': `${ANGLE}fn f(a: [n], b) = sum(angle(a, b)^2)`,
  'within an index equation': `${ANGLE}fn f(a: [n], b: [m]) {
  z[i, j] = angle(a[i], b[j]) * i
  return z
}`,
  'in a recurrence': `${ANGLE}fn f(x: [T]) {
  recur t < T {
    h[-1] = x[0]
    h[t] = angle(h[t-1], 2 + x[t]^2)
  }
  return h
}`,
  'in an arm': `${ANGLE}fn f(a, b) = if a > b then angle(a, b) else a`,
  'second order': `${ANGLE}fn f(a, b) = grad(grad(angle(a, b)^2, a), b)`,
  'a Hessian': `${ANGLE}fn f(v: [2]) = hessian(angle(v[0], v[1]), v)`,
  'one parameter only': `${PARTLY}fn f(a: [n], x: [n]) = wave(a, x)`,
  'one parameter only, second order': `${PARTLY}fn f(a, x) = d(d(wave(a, x), x), a) + d(d(wave(a, x), a), x)`,
  'a rule that reads its result': `${SELF}fn f(x: [n]) = squash(squash(x))`,
  'a rule that reads its result, third order': `${SELF}fn f(x) = d(d(d(squash(2x), x), x), x)`,
  'a pullback': `${MIX}fn f(A: [n, m], b: [m]) = mix(A, b)^3`,
  'a pullback for several': `${MIX}fn f(A: [n, m], b: [s, m]) = mix(A, b)`,
  'a pullback in an index equation': `${MIX}fn f(A: [n, m], b: [s, m]) {
  y[t, i] = mix(A * t, b[t])[i]
  return y
}`,
  'a Jacobian by a pullback': `${MIX}fn f(A: [n, m], b: [m]) = jacobian(mix(A, b), b)`,
  'a tangent by a pullback': `${MIX}fn f(A: [n, m], b: [m], v: [m]) = jvp(mix(A, b), b, v)`,
  'a pullback, second order': `${MIX}fn f(A: [2, 3], b: [3]) = hessian(sum(mix(A, b)^2), b)`,
  'rules within rules': `${SELF}${MIX}fn both(x: [n], A: [n, n]) = mix(A, squash(x))
derivative of both(x: [n], A: [n, n]) by x given g = (1 - squash(x)^2) * 2 * squash(x) * (A' @ g)
fn f(x: [n], A: [n, n]) = both(x, A)`,
}

test.each(Object.entries(RIGHT))('%s', async (_, source) => {
  const report = await checkGradients(source, { target: TARGET })
  expect(formatReport(report)).toMatch(/\nPASS: all gradients agree\n$/)
  expect(report.surrogates).toEqual([])
})

describe('the dump reads back', () => {
  test.each(Object.entries(RIGHT))('%s', (_, source) => {
    const { program, diagnostics } = analyse(source)
    if (!program) throw new Error(diagnostics.map(({ message }) => message).join())
    const dumps: string[] = []
    runPasses(program, pipeline(), {
      after: (current, pass) => {
        verifyProgram(current, pass?.name ?? 'check')
        dumps.push(printProgram(current))
      },
    })
    expect(dumps[0]).toContain('\nrule "')
    for (const text of dumps) expect(printProgram(readProgram(text))).toBe(text)
  })
})

test('a surrogate is used, and listed', async () => {
  const source = `fn hard(x) = x > 0
derivative of hard(x) = 1
export fn f(x: [n]) = sum(hard(x) * x)
fn held(x) = stop_gradient(clamp(x, 0, 1))
derivative of held(x) = 2
export fn g(x) = d(held(x)^2, x)`
  const module = await load(source)
  expect(run(module, 'f.grad', [2, -3])).toEqual([Float64Array.of(3, -3)])
  expect(run(module, 'g', 0.25)).toBe(1)
  expect(run(module, 'g.grad', 0.25)).toEqual([8])
  const report = await checkGradients(source, { target: TARGET })
  expect(report.surrogates).toEqual(['hard by x', 'held by x'])
  expect(formatReport(report)).toMatch(/taken as stated, .*: hard by x, held by x\n[^]*PASS/)
})

test.each([
  [
    'fn cube(x) = x^3\nderivative of cube(x) = 2x^2',
    /^the derivative rule of 'cube' by 'x' gives \S+ where its body gives \S+$/,
  ],
  [`${MIX.replace('2 * b', '3 * b')}`, /^the derivative rule of 'mix' by 'b' gives/],
])('a wrong rule is an error: %s', async (source, message) => {
  const report = await checkGradients(source, { target: TARGET })
  expect(report.ok).toBe(false)
  expect(report.diagnostics.map((diagnostic) => diagnostic.message)).toEqual([expect.stringMatching(message)])
  expect(report.diagnostics[0].span?.start).toBe(source.indexOf('derivative'))
})

test('the rule takes the place of the derivative of the body', async () => {
  const module = await load('fn cube(x) = x^3\nderivative of cube(x) = 7\nexport fn f(x) = 2cube(5x)', {
    tangents: true,
  })
  expect(run(module, 'f.grad', 1)).toEqual([70])
  expect(run(module, 'f', 1)).toBe(250)
})

test.each([
  [
    'fn f(x) {\n  return x, x\n}\nderivative of f(x) = 1',
    "a derivative rule speaks of one result, 'f' has several",
  ],
  [
    'fn f(x: [n]) = sum(x)\nderivative of f(x: [n]) by x = x',
    "a partial derivative is element by element, 'f' makes a number of [n]",
  ],
  [
    'fn f(A: [n, m], b: [m]) = A @ b\nderivative of f(A: [n, m], b: [m]) by b given g = A @ b',
    "the derivative rule of 'f' is [n], expected [m]",
  ],
])('a mistake is reported once: %s', (source, message) => {
  const { diagnostics } = compileModule(`${source}\nexport fn g(x) = 0x`)
  expect(diagnostics.map((diagnostic) => diagnostic.message)).toEqual([message])
})
