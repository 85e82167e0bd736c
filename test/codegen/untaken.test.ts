/** Definitions that several arms use: where none of them is taken, what they are there does not reach a gradient. */
import { describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { compileFunction, diff, grad } from '../../src/expression.js'
import { load, member, run } from './load.js'

const MODELS = `
model Conditions(y: [n]) {
  param w: [n]
  q[i] = w[i]^0.5
  s[i] = if w[i] > 1 then q[i] * 3 else 0
  t[i] = if w[i] > 1 and w[i] < 5 then q[i] * q[i] else 0
  loss sum[i] s[i] * t[i] * y[i]
}
model Disjoint(y: [n]) {
  param w: [n]
  q[i] = log(w[i])
  s[i] = if w[i] > 1 and w[i] < 2.5 then q[i] else 0
  t[i] = if w[i] > 2.5 then q[i] * q[i] else 0
  loss sum[i] (s[i] + t[i]) * y[i]
}
model Masked(mask: [m, n]) {
  param w: [n]
  q[i] = sqrt(w[i]) * log(w[i])
  s[k] = sum[i] (if mask[k, i] > 0 then q[i] else 0)
  loss sum[k] s[k]^2
}
model Overflow(y: [n]) {
  param w: [n]
  q[i] = exp(w[i])
  s[i] = if w[i] < 2.5 then q[i] else 0
  t[i] = if w[i] < 2.8 then q[i] * q[i] else 0
  loss sum[i] (s[i] + t[i]) * y[i]
}
model Many(y: [n]) {
  param w: [n]
  q[i] = log(w[i])
${Array.from({ length: 9 }, (_, at) => `  s${at}[i] = if w[i] > 1 and y[i] > ${at / 10} then q[i]^2 * ${at + 1} else 0`).join('\n')}
  loss sum[i] (${Array.from({ length: 9 }, (_, at) => `s${at}[i]`).join(' + ')})
}
model Places(y: [n]) {
  param w: [n]
  q[i] = log(w[i])
  s[i] = if i > 1 then q[i] else 0
  t[i] = if i > 2 then q[i] * q[i] else 0
  loss sum[i] (s[i] + t[i]) * y[i]
}
model Neighbours(y: [4]) {
  param w: [4]
  q[i] = sqrt(w[i])
  s[i] = if i >= 3 then q[i] - q[i - 1] else 0
  loss s[3]^2
}
model Chain(y: [4]) {
  param w: [4]
  q[i] = w[i] * log(w[i])
  s = sum[i] (if w[i] > 1 then (if w[i] < 2.5 then q[i] else q[i]^2) else 0)
  loss s * (if y[3] == 1 then q[3] else 1)
}
model Nearly(mask: [m, n]) {
  param w: [n]
  q[i] = w[i] * exp(w[i])
  s[i] = sum[k] (if mask[k, i] > 0 then q[i] else 0) * mask[k, i]
  t[i] = if mask[0, i] > 0 then exp(w[i])^2 else 0
  loss sum[i] (s[i] + t[i])
}
model Steps(y: [n], flag) {
  param w: [n]
  recur t < n {
    h[-1] = 1
    h[t]  = log(w[t]) * h[t - 1]
  }
  loss (if flag > 0 then h[n - 1] else 0) + sum[i] w[i]
}
model Samples(x: [m, n], mask: [m]) {
  param w: [n]
  recur t < n {
    h[-1, s < m] = 2
    u[t, s < m]  = log(h[t - 1, s]) + w[t]
    h[t, s < m]  = sqrt(u[t, s]) * x[s, t]
  }
  loss (sum[s] (if mask[s] > 0 then h[n - 1, s]^2 else 0)) + sum[i] w[i]
}
model Greatest(y: [n]) {
  param w: [n]
  q[i] = exp(w[i])
  s = max[i if y[i] > 1] q[i]
  loss s^2
}
`

const slope = (f: (w: number) => number, w: number): number => (f(w + 1e-6) - f(w - 1e-6)) / 2e-6

describe('several arms of one definition', () => {
  const q = (w: number): number => Math.sqrt(w) * Math.log(w)
  test.each<[string, Record<string, unknown>, number[], (w: number) => number]>([
    ['Conditions', { y: [1, 1, 1, 1] }, [0, -1, 2, 3], (w) => (w > 1 ? 3 * w ** 1.5 : 0)],
    [
      'Disjoint',
      { y: [1, 1, 1, 1] },
      [0, -1, 2, 3],
      (w) => (w > 2.5 ? Math.log(w) ** 2 : w > 1 ? Math.log(w) : 0),
    ],
    [
      'Masked',
      { mask: [[0, 0, 1, 0]] },
      [0, -1, 2, 3],
      (w) => (w === 2 || Math.abs(w - 2) < 0.1 ? q(w) ** 2 : 0),
    ],
    ['Many', { y: [1, 1, 1, 1] }, [0, -1, 2, 3], (w) => (w > 1 ? 45 * Math.log(w) ** 2 : 0)],
    [
      'Places',
      { y: [1, 1, 1, 1] },
      [0, -1, 2, 3],
      (w) => (w > 2.5 ? Math.log(w) + Math.log(w) ** 2 : w > 1 ? Math.log(w) : 0),
    ],
    [
      'Neighbours',
      { y: [1, 1, 1, 1] },
      [0, -1, 2, 3],
      (w) => (w > 2.5 ? (Math.sqrt(w) - Math.SQRT2) ** 2 : w > 1 ? (Math.sqrt(3) - Math.sqrt(w)) ** 2 : 0),
    ],
    [
      'Chain',
      { y: [1, 1, 1, 1] },
      [0, -1, 2, 3],
      (w) => {
        const [a, b] = [2 * Math.log(2), 3 * Math.log(3)]
        const own = w * Math.log(w)
        return w > 2.5 ? (a + own ** 2) * own : w > 1 ? (own + b ** 2) * b : 0
      },
    ],
    [
      'Nearly',
      { mask: [[0, 0, 1, 0]] },
      [1000, -1, 2, 800],
      (w) => (Math.abs(w - 2) < 0.1 ? w * Math.exp(w) + Math.exp(2 * w) : 0),
    ],
    ['Steps', { y: [1, 1, 1, 1], flag: 0 }, [0, -1, 2, 3], (w) => w],
    ['Greatest', { y: [1, 1, 1, 1] }, [1000, -1, 2, 800], () => 0],
    ['Overflow', { y: [1, 1, 1, 1] }, [2, 1, 1000, 3], (w) => (w < 2.5 ? Math.exp(w) + Math.exp(2 * w) : 0)],
  ])('%s', async (name, data, w, byHand) => {
    const module = await load(MODELS, { dtype: 'f64' })
    const gradient = member(run(module, `${name}.backward`, { w }, data), 'grads.w')
    if (!(gradient instanceof Float64Array)) throw new Error('no gradient')
    for (const [i, found] of gradient.entries()) expect(found).toBeCloseTo(slope(byHand, w[i]), 4)
  })
})

test('samples that are masked do not reach the gradient of a recurrence', async () => {
  const module = await load(MODELS, { dtype: 'f64' })
  const by = (x: number[][], mask: number[]): unknown =>
    member(run(module, 'Samples.backward', { w: [1, 0.5] }, { x, mask }), 'grads.w')
  expect(by([[1, 2], [-1, 2]], [1, 0])).toEqual(by([[1, 2]], [1])) // prettier-ignore
})

test('nor does what a rule of the file gives where no arm asks for it', async () => {
  const module = await load(
    `fn root(x) = sqrt(x)
     derivative of root(x) by x = 1 / (2 * sqrt(x))
     fn value(w: [n], mask: [n]) {
       q[i] = root(w[i])
       return sum[i] (if mask[i] > 0 then q[i] * w[i] else 0)
     }
     export fn slope(w: [n], mask: [n]) = grad(value(w, mask), w)`,
    { dtype: 'f64' },
  )
  expect(run(module, 'slope', [4, -1, 0], [1, 0, 0])).toEqual(Float64Array.of(3, 0, 0))
})

test('by two variables, of what stands behind one condition and another', () => {
  const along = diff('(if x < y then y^x else pi) / x', 'x')
  expect(compileFunction(grad(along, ['y'])[0], ['x', 'y'])(2.3, -3)).toBe(0)
})

test('a flow that is 0 by chance has a slope', async () => {
  const module = await load(
    `fn value(w: [2], mask: [2]) {
       q[i] = log(w[i])
       s = sum[i] (if mask[i] > 0 then q[i] else 0)
       return s^2
     }
     export fn curve(w: [2], mask: [2]) = hessian(value(w, mask), w)`,
    { dtype: 'f64' },
  )
  const found = run(module, 'curve', [1, 0], [1, 0])
  expect(found).toEqual(Float64Array.of(2, 0, 0, 0))
})

test('a condition is asked once where several arms share it', () => {
  const { code } = compileModule(MODELS, { filename: 'test.nn' })
  const backward = code.slice(code.indexOf('Conditions'), code.indexOf('Disjoint'))
  expect(backward).not.toMatch(/if \(holds\) \{[^}]*\(holds \?/)
})

describe('steps of a recurrence from which nothing is read', () => {
  const H = `recur t < 6 {
    h[-1] = 1
    h[t] = 0.5 * h[t - 1] + sqrt(x[t])
  }`
  const PADDED = [1, 2, 3, 0, 0, 0]
  test.each<[string, string, readonly unknown[]]>([
    [
      'masked in the loss',
      `fn f(x: [6], ok: [6]) {\n  ${H}\n  return sum[t] (if ok[t] > 0 then h[t]^2 else 0)\n}`,
      [[1, 1, 1, 0, 0, 0]],
    ],
    ['behind the one that is read', `fn f(x: [6]) {\n  ${H}\n  return h[2]^2\n}`, []],
    [
      'behind the length',
      `fn f(x: [6], length) {\n  ${H}\n  return sum[t] (if t == length - 1 then h[t]^2 else 0)\n}`,
      [3],
    ],
    [
      'of several that need each other',
      `fn f(x: [6], ok: [6]) {
  recur t < 6 {
    h[-1] = 1
    c[-1] = 2
    c[t] = 0.5 * h[t - 1] + c[t - 1] * x[t]
    h[t] = log(c[t]) + sqrt(x[t])
  }
  return sum[t] (if ok[t] > 0 then h[t]^2 else 0)
}`,
      [[1, 0, 1, 0, 0, 0]],
    ],
  ])('%s', async (_, source, others) => {
    const heading = source.slice(source.indexOf('f('), source.indexOf(' {'))
    const call = heading.replaceAll(/: \[6\]/g, '')
    const derived = ['grad', 'hessian'].map((name) => `export fn ${name}_f${heading.slice(1)} = ${name}(${call}, x)`) // prettier-ignore
    const module = await load([source, ...derived].join('\n'), { dtype: 'f64' })
    const numbers = (name: string, x: readonly number[]): readonly number[] => {
      const found = run(module, name, x, ...others)
      if (!(found instanceof Float64Array)) throw new Error('no numbers')
      return [...found]
    }
    // What stands in the steps that do not count is nothing to the others.
    const harmless = [1, 2, 3, 4, 5, 6]
    expect(numbers('grad_f', PADDED)).toEqual(numbers('grad_f', harmless))
    expect(numbers('hessian_f', PADDED)).toEqual(numbers('hessian_f', harmless))
    expect(numbers('grad_f', PADDED).slice(3)).toEqual([0, 0, 0])
  })

  test('before a start', async () => {
    const module = await load(
      `fn f(x: [6], first: [6]) {
         recur t < 6 {
           h[-1] = 1
           h[t] = if first[t] > 0 then x[t] else h[t - 1] * log(x[t])
         }
         return h[5]
       }
       export fn slope(x: [6], first: [6]) = grad(f(x, first), x)`,
      { dtype: 'f64' },
    )
    expect(run(module, 'slope', [1, 0, 0, 3, 1, 1], [0, 0, 0, 1, 0, 0])).toEqual(
      Float64Array.of(0, 0, 0, 0, 0, 0),
    )
    const [, , , own] = Object.values(run(module, 'slope', [1, 0, 0, 3, 2, 2], [0, 0, 0, 1, 0, 0]) ?? {})
    expect(own).toBeCloseTo(Math.log(2) ** 2, 15)
  })
})

test('nor does a pullback of the file count where nothing flows', async () => {
  const module = await load(
    `fn reciprocal(x: [n]) {
       y[i] = 1 / x[i]
       return y
     }
     derivative of reciprocal(x: [n]) by x given g = -g / x^2
     fn f(x: [4]) {
       y = reciprocal(x)
       return sum[i] (if x[i] > 0 then y[i]^2 else 0)
     }
     export fn slope(x: [4]) = grad(f(x), x)
     export fn curve(x: [4]) = hessian(f(x), x)`,
    { dtype: 'f64' },
  )
  expect(run(module, 'slope', [1, 2, 0, 0])).toEqual(Float64Array.of(-2, -0.25, 0, 0))
  expect(run(module, 'curve', [1, 2, 0, 0])).toEqual(
    Float64Array.of(6, 0, 0, 0, 0, 0.375, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  )
})

describe('what is made of a matrix', () => {
  test.each<[string, string, unknown, readonly number[]]>([
    [
      'an inverse',
      'B = inv(A)\n  return if k > 0 then B[0, 0] + logdet(A) else k^2',
      [
        [1, 2],
        [2, 4],
      ],
      [0, 0, 0, 0],
    ],
    [
      'a solution',
      'x = solve(A, [1, 2])\n  return if k > 0 then x[0] else k^2',
      [
        [1, 2],
        [2, 4],
      ],
      [0, 0, 0, 0],
    ],
    [
      'a Cholesky factor',
      'L = cholesky(A)\n  return if k > 0 then L[1, 0] else k^2',
      [
        [1, 2],
        [2, 1],
      ],
      [0, 0, 0, 0],
    ],
  ])('%s that no arm asks for', async (_, body, a, expected) => {
    const module = await load(
      `fn f(A: [2, 2], k) {\n  ${body}\n}
       export fn value(A: [2, 2], k) = f(A, k)
       export fn slope(A: [2, 2], k) = grad(f(A, k), A)
       export fn along(A: [2, 2], k) = jvp(f(A, k), A, A)`,
      { dtype: 'f64' },
    )
    expect(run(module, 'value', a, -1)).toBe(1)
    expect(run(module, 'slope', a, -1)).toEqual(Float64Array.from(expected))
    expect(run(module, 'along', a, -1)).toBe(0)
    expect(() => run(module, 'value', a, 1)).toThrow(/singular|not positive definite/)
  })

  test('that is masked among others', async () => {
    const module = await load(
      `fn f(A: [m, 2, 2], ok: [m]) {
         d[s] = logdet(A[s])
         return sum[s] (if ok[s] > 0 then d[s]^2 else 0)
       }
       export fn slope(A: [m, 2, 2], ok: [m]) = grad(f(A, ok), A)
       export fn curve(A: [m, 2, 2], ok: [m]) = hessian(f(A, ok), A)`,
      { dtype: 'f64' },
    )
    const [first, last] = [[[1, 2], [2, 5]], [[3, 2], [2, 5]]] // prettier-ignore
    const zeros = [[0, 0], [0, 0]] // prettier-ignore
    const numbers = (name: string, ...args: readonly unknown[]): readonly number[] => {
      const found = run(module, name, ...args)
      if (!(found instanceof Float64Array)) throw new Error('no numbers')
      return [...found]
    }
    const alone = numbers('slope', [first, last], [1, 1])
    expect(numbers('slope', [first, zeros, last], [1, 0, 1])).toEqual([...alone.slice(0, 4), 0, 0, 0, 0, ...alone.slice(4)]) // prettier-ignore
    const curve = numbers('curve', [first, zeros, last], [1, 0, 1])
    const kept = [0, 1, 2, 3, 8, 9, 10, 11]
    expect(kept.flatMap((row) => kept.map((column) => curve[12 * row + column]))).toEqual(numbers('curve', [first, last], [1, 1])) // prettier-ignore
    expect(curve.filter((value) => value !== 0)).toHaveLength(32)
  })
})

describe('what the arms of a selection have in common', () => {
  const countIn = (body: string): number =>
    compileModule(`export fn f(x, y) = ${body}\n`).code.split('\n}\n', 1)[0].split('Math.exp(x)').length - 1

  test('is computed once, where both need it', () => {
    expect(countIn('if x < y then sin(exp(x)) + 1 else cos(exp(x)) * y')).toBe(1)
  })

  test('stays in the arms, where one of them may not need it', () => {
    expect(countIn('if x < y then (if y > 2 then sin(exp(x)) else y) else cos(exp(x)) * y')).toBe(2)
  })
})
