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
  'of a network by its data, in a loss': `model Layer[m](x: [.., k]) {
    param W: [k, m] ~ glorot
    param b: [m]
    out y = tanh(x @ W + b)
  }
  model Sobolev(x: [n, 2], y: [n], dy: [n, 2]) {
    param a: Layer[4]
    param c: Layer[1]
    u[s] = c(a(x))[s, 0]
    out g[s, i] = d(u[s], x[s])[i]
    loss mean[s] ((u[s] - y[s])^2 + sum[i] (g[s, i] - dy[s, i])^2)
  }`,
  'by all parameters of a layer, in a loss': `model Layer[m](x: [.., k]) {
    param W: [k, m] ~ glorot
    param b: [m]
    out y = tanh(x @ W + b)
  }
  model Penalty(x: [n, 3], y: [n]) {
    param l: Layer[2]
    param v: [2] ~ normal(0, 1)
    p = l(x) @ v
    e = mean[s] (p[s] - y[s])^2
    gW, gb = grad(e, l)
    out gv = grad(e, v)
    loss e + sum(gW^2) + sum(gb^2) + sum(gv^2)
  }`,
  'Hessians in a loss': `model Newton(x: [n], y: [n]) {
    param w: [2] ~ normal(0, 1)
    e = mean[s] (sin(w[0] * x[s]) + w[1] - y[s])^2
    out H = hessian(e, w)
    out step = hvp(e, w, grad(e, w))
    loss e + H[0, 0]^2 + sum(step^2)
  }`,
  Laplacian: `model Laplace(x: [n, 3]) {
    param W: [3, 5] ~ normal(0, 1)
    param v: [5] ~ normal(0, 1)
    u[s] = sum[j] v[j] * sin((sum[i] x[s, i] * W[i, j]))
    g[s, i] = d(u[s], x[s, i])
    out lap[s] = sum[i] d(g[s, i], x[s, i])
    loss mean[s] lap[s]^2
  }`,
  'of a recurrence, in a loss': `model Recurrent(x: [T, n]) {
    param a = 0.5
    param b: [n] ~ normal(0, 1)
    recur t < T { h[-1] = b; h[t] = tanh(a * h[t-1] + x[t]) }
    e = sum(h[T-1]^2)
    out s = d(e, a)
    out q = hvp(e, b, b)
    out z = d(d(e, a), a)
    loss e + s^2 + sum(q^2)
  }`,
  'third derivatives': `export fn third(x: [n], v: [n]) {
    f = sum[i] x[i]^4 * x[0]
    H = hessian(f, x)
    T = jacobian(H, x)
    return T, sum[i, j, k] T[i, j, k] * v[i] * v[j] * v[k]
  }`,
  'at kinks': `export fn kink(x: [n]) {
    r = relu(x)
    m = max[i] x[i]
    return jacobian(r, x), grad(m, x), d(abs(x[0]), x), hessian(sum(r^2), x), grad(norm(x), x)
  }
  export fn ties(x) = d(max(x, x^2), x) + d(max(x, 1), x) + d(clamp(x, 0, 1), x)`,
  'of arms': `export fn ifs(x: [n]) {
    y[i] = if x[i] > 0 then log(x[i]) else x[i]^2
    return jacobian(y, x), hessian(sum(y), x), hvp(sum(y), x, x)
  }`,
  'of local functions': `export fn fns(x: [n], A: [n, n]) {
    fn f(z: [n]) = tanh(A @ z)
    y = f(x)
    return jacobian(y, x) @ (jacobian(f(y), y) @ x)
  }`,
  'stopped, then differentiated again': `export fn stops(x, y) = d(d(x^2 * stop_gradient(x * y), x) * y, y)
  export fn detached(x: [n]) { y = stop_gradient(softmax(x)); return grad(sum(y * x), x), jacobian(y * x, x) }`,
  'trace and form of a dense Hessian': `export fn trace_hess(x: [n]) { H = hessian(prod[i] sin(x[i]), x); return sum[i] H[i, i] }
  export fn quad(x: [n], v: [n]) { H = hessian(prod[i] sin(x[i]), x); return v' @ H @ v }`,
  'of a convolution': `export fn conv(x: [n], w: [3]) { y[t] = sum[k] w[k] * x[t + k]^2; return jacobian(y, x), jacobian(y, w), hvp(sum(y^2), w, w) }`,
  'along and back through a recurrence': `export fn elman(x: [T, d], W: [d, k], U: [k, k], c: [k], V: [T, k]) {
    recur t < T { h[-1] = zeros(k); h[t] = tanh(x[t] @ W + U @ h[t-1] + c) }
    return jvp(h, U, U), vjp(h, c, V), hvp(sum(h[T-1]^2), W, W), jacobian(h[T-1], c)
  }`,
  'twice through a recurrence': `export fn tt(x: [T, d], U: [d, d]) {
    recur t < T { h[-1] = zeros(d); h[t] = tanh(x[t] + U @ h[t-1]) }
    e = sum(h[T-1]^3)
    return grad(sum(grad(e, U)^2), x), hvp(e, x, cos(x))
  }`,
  'twice through two recurrences': `export fn bi(x: [T]) {
    recur t < T { f[-1] = 0; f[t] = sin(f[t-1] + x[t]) }
    recur t < T { g[T] = 0; g[t] = sin(g[t+1] * x[t] + f[t]) }
    e = sum[t < T] f[t] * g[t]
    return hvp(e, x, x), jvp(g[0], x, f)
  }`,
  'of a gated recurrence, in a loss': `model Both(x: [T, n], y: [n]) {
    param a = 0.4
    param b: [n] ~ normal(0, 1)
    recur t < T {
      h[-1] = b
      c[-1] = zeros(n)
      q = sigmoid(a * h[t-1] + x[t])
      c[t] = q * c[t-1] + (1 - q) * x[t]
      h[t] = tanh(c[t]) * q
    }
    e = mean[s] (h[T-1, s] - y[s])^2
    ga = d(e, a)
    out last = h[T-1]
    loss e + 0.1 * ga^2 + sum(grad(e, b)^2)
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
      300_000,
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
