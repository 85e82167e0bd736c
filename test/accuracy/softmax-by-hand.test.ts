/** Softmax and its logarithm written out by terms: what overflows above the bar and below it is a quotient of ordinary size. */
import { expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { load, run } from '../codegen/load.js'
import { TARGET } from '../target.js'

const ULP = 2 ** -52

test('derivatives of a share of three, in modules', async () => {
  const module = await load(
    `fn share(x, y) = exp(x) / (exp(x) + exp(y) + 1)
     export fn first(x, y) = d(share(x, y), x)
     export fn second(x, y) = d(d(share(x, y), x), x)
     export fn mixed(x, y) = d(d(share(x, y), x), y)
     export fn third(x, y) = d(d(d(share(x, y), x), x), x)`,
    { dtype: 'f64' },
  )
  const points = [[800, 799], [360, 355], [355, 360], [400, -400], [30, 800], [800, 1], [2, -3], [0.25, 0.5], [-40, 700], [-700, -3]] // prettier-ignore
  for (const [x, y] of points) {
    // A sigmoid of the distance to the logarithm of the other two.
    const others = Math.max(y, 0) + Math.log1p(Math.exp(-Math.abs(y)))
    const p = 1 / (1 + Math.exp(others - x))
    const q = 1 / (1 + Math.exp(x - others))
    const ofY = y > 0 ? 1 / (1 + Math.exp(-y)) : Math.exp(y) / (1 + Math.exp(y))
    const expected = {
      first: p * q,
      second: p * q * (q - p),
      mixed: -p * q * (q - p) * ofY,
      third: p * q * (1 - 6 * p * q),
    }
    for (const [name, value] of Object.entries(expected)) {
      const found = run(module, name, x, y)
      const bound = 8 * (1 + Math.abs(x) + Math.abs(y)) * ULP * Math.abs(value)
      expect(Math.abs(Number(found) - value), `${name} at ${x}, ${y}: ${String(found)}, not ${value}`).toBeLessThanOrEqual(bound + 1e-320) // prettier-ignore
    }
  }
})

test('the logarithm of a sum of many exponentials, and its gradient', async () => {
  const sourceOf = (names: readonly string[]): string => {
    const list = names.join(', ')
    return `fn total(${list}) = log(${names.map((name) => `exp(${name})`).join(' + ')})
      export fn value(${list}) = total(${list})
      export fn slope(${list}) = d(total(${list}), v3)`
  }
  const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `v${at}`)
  const module = await load(sourceOf(names(40)), { dtype: 'f64' })
  const x = names(40).map((_, at) => 800 + 5 * Math.sin(7 * at))
  const most = Math.max(...x)
  const sum = x.reduce((total, each) => total + Math.exp(each - most), 0)
  expect(Number(run(module, 'value', ...x)) / (most + Math.log(sum))).toBeCloseTo(1, 14)
  expect((Number(run(module, 'slope', ...x)) * sum) / Math.exp(x[3] - most)).toBeCloseTo(1, 11)
  const lengths = [20, 40, 80].map((count) => compileModule(sourceOf(names(count)), { filename: 'sum.nn', target: TARGET }).code.length) // prettier-ignore
  expect(lengths[2] / lengths[1]).toBeLessThan(2.6)
  expect(lengths[1] / lengths[0]).toBeLessThan(2.6)
})
