/** `d`, `grad`, `jacobian`, `hessian`, `jvp`, `vjp`, `hvp`, nested and in each other's way: against the evidence. */
import { describe, expect, test } from 'vitest'
import type { Statement } from '../../src/schedule/loop-program.js'
import { printMethod } from '../../src/schedule/print.js'
import { checkGradients, formatReport } from '../../src/verify/check.js'
import { load, run } from '../codegen/load.js'
import { methodOf } from '../schedule/compile.js'

const PLAIN = 'fn f(x: [n]) = sum[i] sin(x[i]) * x[i]^2 + prod[i] (1 + 0.1 * x[i])\n'
const MATRIX =
  'fn distance(T: [m, n], U: [m, k], V: [n, k]) = sum[i, j] (T[i, j] - sum[r] U[i, r] * V[j, r])^2\n'
const ROLL = 'fn roll(x: [T], a) { recur t < T { y[-1] = a; y[t] = sin(y[t-1] * x[t]) }; return y }\n'

const CASES: Readonly<Record<string, string>> = {
  gradient: `${PLAIN}export fn g(x: [n]) = grad(f(x), x)`,
  hessian: `${PLAIN}export fn g(x: [n]) = hessian(f(x), x)`,
  'Hessian product': `${PLAIN}export fn g(x: [n], v: [n]) = hvp(f(x), x, v)`,
  'gradient of a gradient of a gradient': `${PLAIN}export fn g(x: [n]) {
    a = grad(f(x), x)
    b = grad(sum(a^2), x)
    return grad(sum(b^2), x)
  }`,
  'Hessian product of a Hessian product': `${PLAIN}export fn g(x: [n], v: [n]) {
    h = hvp(f(x), x, v)
    return hvp(sum(h * h), x, v)
  }`,
  'a direction that depends on the variable': 'export fn g(x: [n]) = jvp(softmax(x), x, sin(x))',
  'a cotangent that depends on the variable': 'export fn g(x: [n]) = vjp(softmax(x), x, x^2)',
  'tangent of a matrix': 'export fn g(A: [m, n], x: [n], P: [m, n]) = jvp(tanh(A @ x), A, P)',
  'pullback to a matrix': 'export fn g(A: [m, n], x: [n], w: [m]) = vjp(tanh(A @ x), A, w)',
  'Jacobian, a part of it summed': `export fn g(A: [m, n], x: [n], P: [m, n]) {
    y = tanh(A @ x)
    J = jacobian(y, A)
    q[i] = sum[a, b] J[i, a, b] * P[a, b] * x[b]
    r[i] = sum[b] J[i, i, b]
    return q, r
  }`,
  'Jacobian, used in two ways': `export fn g(x: [n], w: [n]) {
    J = jacobian(softmax(x), x)
    return w' @ J @ w + J[0, 0]
  }`,
  'diagonal Jacobian': `export fn g(x: [n], v: [n]) {
    J = jacobian(sigmoid(x), x)
    q[i] = J[i, i]
    return J @ v, J, q, J'
  }`,
  'many results by one number': `${ROLL}export fn g(x: [T], a) = jacobian(roll(x, a), a), d(d(roll(x, a), a), a)`,
  'recurrence by its data': `${ROLL}export fn g(x: [T], a) = jacobian(roll(x, a), x)`,
  'reductions by one number':
    'export fn g(a, x: [n]) = d(max[i] (a * x[i]) + prod[i] (a * x[i]) + logsumexp[i] (a * x[i]), a)',
  'inside a recurrence': `export fn g(x: [T, n], W: [n, n]) {
    recur t < T {
      h[-1] = zeros(n)
      h[t] = h[t-1] + 0.1 * vjp(tanh(W @ h[t-1]), h[t-1], x[t])
    }
    return h[T-1]
  }`,
  'by the carry': `export fn g(x: [T], a) {
    recur t < T { y[-1] = a; y[t] = y[t-1] - 0.5 * d(sin(y[t-1] * x[t]), y[t-1]) }
    return y[T-1]
  }`,
  'under if':
    'export fn g(x) = (if x > 0.3 then d(sin(x)^2, x) else x * d(x^3, x)) + d(if x > 0.3 then sin(x)^2 else x^3, x)',
  mixed: 'export fn g(x, y) { a, b = d(sin(x * y) * x, x, y); return d(a, y) * b }',
  stopped: 'export fn g(x) = d(x * stop_gradient(x^2), x) + x * stop_gradient(x)',
  'Hessian of a norm': 'export fn g(x: [n]) = hessian(norm(x), x)',
  'Hessian of a logsumexp': 'export fn g(x: [n]) = hessian(logsumexp[i] x[i], x)',
  'Hessian of a matrix product': `${MATRIX}export fn g(T: [m, n], U: [m, k], V: [n, k], P: [m, k]) {
    H = hessian(distance(T, U, V), U)
    q[i, r] = H[i, r, i, r]
    return hvp(distance(T, U, V), U, P), q
  }`,
  'whole numbers': 'export fn g(x: [n]) = d(max[i] x[i], x), jacobian(2x, x), grad(sum(x), x)',
  'in a loss, by a parameter': `model M(x: [n]) {
    param w: [3] ~ normal(0, 1)
    param v: [3] ~ normal(0, 1)
    u[s] = sum[j] v[j] * tanh(w[j] * x[s])
    out slope[s] = d(u[s], x[s])
    out curvature[s] = d(slope[s], x[s])
    out fisher = grad(sum(u), w)
    loss mean[s] (curvature[s] + u[s])^2 + sum(fisher^2)
  }`,
  'Hessian product of a recurrent loss': `fn rnn(x: [T, n, d], W: [d, k], U: [k, k]) {
    recur t < T { h[-1] = zeros(n, k); h[t] = tanh(x[t] @ W + h[t-1] @ U) }
    return sum[s, i] h[T-1, s, i]^2
  }
  export fn g(x: [T, n, d], W: [d, k], U: [k, k], V: [k, k]) = hvp(rnn(x, W, U), U, V)`,
}

describe('values and gradients', () => {
  for (const [name, source] of Object.entries(CASES))
    test(
      name,
      async () => {
        const report = await checkGradients(source)
        expect(report.diagnostics).toEqual([])
        expect(formatReport(report)).toMatch(/PASS: all gradients agree\n$/)
      },
      60_000,
    )
})

/** How deep the loops of the method `value` are nested. */
function depthOf(source: string): number {
  const depth = (statements: readonly Statement[]): number =>
    statements.reduce(
      (most, statement) => Math.max(most, statement.kind === 'loop' ? 1 + depth(statement.body) : 0),
      0,
    )
  return depth(methodOf(source, 'value', 'g').body)
}

const temporaries = (source: string): number[] =>
  methodOf(source, 'value', 'g')
    .buffers.filter(({ role }) => role === 'temp')
    .map(({ extents }) => extents.length)

describe('structure', () => {
  test('a diagonal Jacobian is its diagonal wherever it is not the result', () => {
    const source = (result: string): string =>
      `export fn g(x: [n], v: [n]) { J = jacobian(sigmoid(x), x); q[i] = J[i, i]; return ${result} }`
    for (const result of ['J @ v', 'v @ J', 'q', '(J @ J) @ v', 'sum[i, j] J[i, j]^2'])
      expect(depthOf(source(result)), result).toBe(1)
    expect(depthOf(source('J'))).toBe(2)
  })

  test('the Jacobian of softmax is diag(s) - s s^T: no loop sums over a one-hot', () => {
    const source = 'export fn g(z: [n]) = jacobian(softmax(z), z)'
    expect(depthOf(source)).toBe(2)
    expect(printMethod(methodOf(source, 'value', 'g'))).not.toMatch(/exp\(.*exp\(/)
    expect(depthOf('export fn g(z: [n], v: [n]) = jacobian(softmax(z), z) @ v')).toBe(1)
  })

  test('the Hessian of |T - U V^T|^2 is not expanded for a product or for its diagonal', () => {
    const entry = 'export fn g(T: [m, n], U: [m, k], V: [n, k], P: [m, k])'
    const product = `${MATRIX}${entry} = hvp(distance(T, U, V), U, P)`
    const sums = `${MATRIX}${entry} { H = hessian(distance(T, U, V), U); q[i, r] = sum[a, b] H[i, r, a, b] * P[a, b]; return q }`
    const diagonal = `${MATRIX}${entry} { H = hessian(distance(T, U, V), U); q[i, r] = H[i, r, i, r]; return q }`
    for (const source of [product, sums]) {
      expect(depthOf(source)).toBe(3)
      expect(Math.max(...temporaries(source))).toBe(2)
    }
    expect(depthOf(diagonal)).toBe(2)
    expect(Math.max(...temporaries(diagonal))).toBe(1)
  })

  test('a product with the Hessian of a recurrence stores vectors per step, no matrices', () => {
    const source = `fn rnn(x: [T, d], U: [d, d]) {
      recur t < T { h[-1] = zeros(d); h[t] = tanh(x[t] + U @ h[t-1]) }
      return sum(h[T-1]^2)
    }
    export fn g(x: [T, d], U: [d, d], V: [d, d]) = hvp(rnn(x, U), U, V)`
    expect(Math.max(...temporaries(source))).toBe(2)
  })
})

test('a derivative is an array of real numbers also where it is whole', async () => {
  const module = await load(`export fn one(x: [n]) = sum(x)
    export fn jac(x: [n]) = jacobian(4000000000 * x, x)
    export fn big(x: [n]) = 4000000000 * sum(x)`)
  expect(run(module, 'one.grad', [1.5, 2])).toEqual([new Float64Array([1, 1])])
  expect(run(module, 'jac', [1.5, 2])).toEqual(new Float64Array([4e9, 0, 0, 4e9]))
  expect(run(module, 'big.grad', [1.5, 2])).toEqual([new Float64Array([4e9, 4e9])])
})

test('the third derivative of x^(2^n) by repeated squaring is the closed form', async () => {
  const module = await load(`fn power(x, n: int) {
      recur t < n { p[-1] = x; p[t] = p[t-1]^2 }
      return p[n-1]
    }
    export fn first(x, n: int) = d(power(x, n), x)
    export fn second(x, n: int) = d(d(power(x, n), x), x)
    export fn third(x, n: int) = d(d(d(power(x, n), x), x), x)`)
  for (const x of [0.97, -1.01])
    for (const n of [1, 2, 3, 6, 9]) {
      const power = 2 ** n
      let expected = x ** power
      for (const [order, name] of ['first', 'second', 'third'].entries()) {
        expected *= (power - order) / x
        const found = Number(run(module, name, x, n))
        expect(Math.abs(found - expected), `${name} at ${x}, n = ${n}`).toBeLessThanOrEqual(
          1e-13 * Math.abs(expected),
        )
      }
    }
})
