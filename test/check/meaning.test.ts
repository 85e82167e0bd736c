/** What programs compute: the elaboration against values worked out by hand. */
import { describe, expect, test } from 'vitest'
import { dumpPass } from '../../src/compile.js'
import { evaluate } from './evaluating.js'

type Data = Parameters<typeof evaluate>[2]
const of = (text: string, data: Data): number[] => evaluate(text, 'f', data)[0]

test('`..` stands for the same axes in a whole signature', () => {
  const y = [[1, 2, 3], [4, 5, 6]] // prettier-ignore
  const target = [[1, 1, 3], [4, 5, 8]] // prettier-ignore
  expect(of('fn f(y: [.., n], target: [.., n]) = y - target', { y, target })).toEqual([0, 1, 0, 0, 0, -2])
})

describe('tensors', () => {
  test.each<[string, string, Data, number[]]>([
    [
      'matrix · vector',
      'fn f(A: [n, m], x: [m]) = A @ x',
      {
        A: [
          [1, 2],
          [3, 4],
        ],
        x: [1, 10],
      },
      [21, 43],
    ],
    [
      'row · matrix',
      "fn f(A: [n, m], x: [n]) = x' @ A",
      {
        A: [
          [1, 2],
          [3, 4],
        ],
        x: [1, 10],
      },
      [31, 42],
    ],
    ['outer product', "fn f(x: [n], y: [m]) = x @ y'", { x: [1, 2], y: [3, 4] }, [3, 4, 6, 8]],
    [
      'quadratic form',
      "fn f(A: [n, n], x: [n]) = x' @ A @ x",
      {
        A: [
          [1, 2],
          [3, 4],
        ],
        x: [1, 10],
      },
      [451],
    ],
    [
      'transposed',
      "fn f(A: [n, m]) = A'",
      {
        A: [
          [1, 2, 3],
          [4, 5, 6],
        ],
      },
      [1, 4, 2, 5, 3, 6],
    ],
    [
      'broadcast',
      'fn f(A: [n, m], x: [m]) = A * x + 1',
      {
        A: [
          [1, 2],
          [3, 4],
        ],
        x: [1, 10],
      },
      [2, 21, 4, 41],
    ],
    [
      'matrices by position',
      'fn f(A: [b, n, m], B: [b, m, k]) = A @ B',
      {
        A: [[[1, 2]], [[3, 4]]],
        B: [
          [[1], [1]],
          [[2], [0]],
        ],
      },
      [3, 6],
    ],
    [
      'batch · matrix',
      'fn f(A: [b, n, m], B: [m, k]) = A @ B',
      { A: [[[1, 2]], [[3, 4]]], B: [[1], [10]] },
      [21, 43],
    ],
    ['slices', 'fn f(x: [4]) = x[1:3] + x[:2] * x[2:]', { x: [1, 2, 3, 4] }, [5, 11]],
    [
      'rows',
      'fn f(A: [2, 3]) = A[1] - A[0]',
      {
        A: [
          [1, 2, 3],
          [4, 6, 8],
        ],
      },
      [3, 4, 5],
    ],
    [
      'columns',
      'fn f(A: [2, 3]) = A[:, 1]',
      {
        A: [
          [1, 2, 3],
          [4, 6, 8],
        ],
      },
      [2, 6],
    ],
    [
      'concat',
      'fn f(a: [n, 2], b: [m, 2]) = concat(a, b)',
      {
        a: [[1, 2]],
        b: [
          [3, 4],
          [5, 6],
        ],
      },
      [1, 2, 3, 4, 5, 6],
    ],
    [
      'concat along 1',
      'fn f(a: [n, 1], b: [n, 2]) = concat(a, b, axis = 1)',
      {
        a: [[1], [2]],
        b: [
          [3, 4],
          [5, 6],
        ],
      },
      [1, 3, 4, 2, 5, 6],
    ],
    [
      'reshape',
      'fn f(a: [n, 4]) { b = reshape(a, 2 * n, 2); y[i] = b[i, 1]; return y }',
      { a: [[1, 2, 3, 4]] },
      [2, 4],
    ],
    [
      'eye',
      'fn f(a: [2, 2]) = a + 10 * eye(2)',
      {
        a: [
          [1, 2],
          [3, 4],
        ],
      },
      [11, 2, 3, 14],
    ],
    ['literal of rows', 'fn f(x: [2]) = [x, 2x]', { x: [1, 2] }, [1, 2, 2, 4]],
    ['literal read at an index', 'fn f(x) = sum[k] [x, 2x, 4x][k] * k', { x: 1 }, [10]],
    [
      'trailing axes of an equation',
      'fn f(A: [n, m], W: [m, k]) { y[i] = A[i] @ W; return y }',
      {
        A: [[1, 2]],
        W: [
          [1, 2],
          [3, 4],
        ],
      },
      [7, 10],
    ],
  ])('%s', (_, text, data, expected) => {
    expect(of(text, data)).toEqual(expected)
  })
})

describe('indices', () => {
  test.each<[string, string, Data, number[]]>([
    ['a filter', 'fn f(x: [n]) = sum[i, j if i != j] x[i] * x[j]', { x: [1, 2, 3] }, [22]],
    [
      'an upper bound by an index',
      'fn f(x: [n]) { y[i < n] = sum[j <= i] x[j]; return y }',
      { x: [1, 2, 3] },
      [1, 3, 6],
    ],
    ['a lower bound', 'fn f(x: [n]) = sum[1 <= i < n] x[i] - x[0]', { x: [1, 2, 3] }, [4]],
    [
      'wide convolution',
      'fn f(x: [n], w: [m]) { y[t < n + m - 1] = sum[k if 0 <= t - k < n] w[k] * x[t - k]; return y }',
      { x: [1, 2], w: [1, 10] },
      [1, 12, 20],
    ],
    [
      'strided',
      'fn f(x: [n], w: [m]) { y[t] = sum[k] w[k] * x[2*t + k]; return y }',
      { x: [1, 2, 3, 4, 5], w: [1, 1] },
      [3, 7],
    ],
    [
      'scatter',
      'fn f(x: [e], to: int[e], n: int) { y[i < n] = sum[e if to[e] == i] x[e]; return y }',
      { x: [1, 2, 4], to: [1, 0, 1], n: 3 },
      [2, 5, 0],
    ],
    [
      'segments',
      'fn f(x: [e], first: int[m]) { y[o < m - 1] = sum[first[o] <= e < first[o+1]] x[e]; return y }',
      { x: [1, 2, 4, 8], first: [0, 1, 4] },
      [1, 14],
    ],
    [
      'gather',
      'fn f(E: [v, k], word: int[n]) { y[s] = E[word[s]]; return y }',
      {
        E: [
          [1, 2],
          [3, 4],
        ],
        word: [1, 1, 0],
      },
      [3, 4, 3, 4, 1, 2],
    ],
    ['mean of the chosen', 'fn f(x: [n]) = mean[i if x[i] > 0] x[i]', { x: [1, -5, 3] }, [2]],
    ['argmax', 'fn f(x: [n]) = argmax[i] x[i]', { x: [1, 7, 3] }, [1]],
    ['any and all', 'fn f(x: [n]) = any(x > 2) + 10 * all(x > 2)', { x: [1, 7, 3] }, [1]],
    [
      'an arm that is not taken is not read',
      'fn f(x: [n]) { y[i < n] = if i > 0 then x[i - 1] else 0; return y }',
      { x: [1, 2, 3] },
      [0, 1, 2],
    ],
    [
      'a reduction in an arm',
      'fn f(x: [n]) { y[i < n] = if i > 0 then sum[k < 2] x[i - k] else 0; return y }',
      { x: [1, 2, 3] },
      [0, 3, 5],
    ],
  ])('%s', (_, text, data, expected) => {
    expect(of(text, data)).toEqual(expected)
  })
})

describe('recurrences', () => {
  test.each<[string, string, Data, number[]]>([
    [
      'forwards',
      'fn f(x: [T]) { recur t < T { h[-1] = 100; h[t] = h[t-1] + x[t] }; return h }',
      { x: [1, 2, 3] },
      [101, 103, 106],
    ],
    [
      'backwards',
      'fn f(x: [T]) { recur t < T { h[T] = 100; h[t] = h[t+1] + x[t] }; return h }',
      { x: [1, 2, 3] },
      [106, 105, 103],
    ],
    [
      'two initial values',
      'fn f(n: int) { recur 2 <= t < n { y[0] = 0; y[1] = 1; y[t] = y[t-1] + y[t-2] }; return y }',
      { n: 8 },
      [0, 1, 1, 2, 3, 5, 8, 13],
    ],
    [
      'locals of a step',
      'fn f(x: [T]) { recur t < T { h[-1] = 0; a = 2 * x[t]; h[t] = h[t-1] + a }; return h }',
      { x: [1, 2, 3] },
      [2, 6, 12],
    ],
    [
      'the initial value afterwards',
      'fn f(x: [T]) { recur t < T { h[-1] = 7; h[t] = h[t-1] + x[t] }; return h[-1] + h[T-1] }',
      { x: [1, 2] },
      [17],
    ],
    [
      'no steps',
      'fn f(x, n: int) { recur t < n { h[-1] = x; h[t] = 2 * h[t-1] }; return h[n - 1] }',
      { x: 5, n: 0 },
      [5],
    ],
    [
      'two indices',
      'fn f(n: int, m: int) { recur i < n, j < m { R[-1, j] = 1; R[i, -1] = 1; R[-1, -1] = 1; R[i, j] = R[i-1, j] + R[i, j-1] }; return R[n-1, m-1] }',
      { n: 2, m: 2 },
      [6],
    ],
    [
      'nested',
      'fn f(x: [T], n: int) { recur t < T { s[-1] = 0; recur k < n { u[-1] = s[t-1]; u[k] = u[k-1] + x[t] }; s[t] = u[n-1] }; return s }',
      { x: [1, 10], n: 3 },
      [3, 33],
    ],
    [
      'several results of a step',
      'fn g(a, b) { return a + b, a }\nfn f(n: int) { recur t < n { a[-1] = 1; b[-1] = 0; a[t], b[t] = g(a[t-1], b[t-1]) }; return a }',
      { n: 5 },
      [1, 2, 3, 5, 8],
    ],
    [
      'in a function mapped over rows',
      'fn c(x: [T]) { recur t < T { h[-1] = 0; h[t] = h[t-1] + x[t] }; return h }\nfn f(A: [n, T]) = c(A)',
      {
        A: [
          [1, 2],
          [3, 4],
        ],
      },
      [1, 3, 3, 7],
    ],
    [
      'under a condition',
      'fn c(x: [3]) { recur t < 3 { h[-1] = 0; h[t] = h[t-1] + x[t] }; return h[2] }\nfn f(A: [n, 3]) { y[i < n] = if i > 0 then c(A[i - 1]) else -1; return y }',
      {
        A: [
          [1, 2, 3],
          [4, 5, 6],
        ],
      },
      [-1, 6],
    ],
  ])('%s', (_, text, data, expected) => {
    expect(of(text, data)).toEqual(expected)
  })
})

describe('functions', () => {
  test.each<[string, string, Data, number[]]>([
    [
      'of a vector, along the last axis',
      'fn g(v: [d]) = v - (mean[i] v[i])\nfn f(A: [n, m]) = g(A)',
      {
        A: [
          [1, 3],
          [10, 20],
        ],
      },
      [-1, 1, -5, 5],
    ],
    [
      'of a vector and a scalar',
      'fn g(v: [d], k: []) = k * v\nfn f(A: [n, m], s: [n]) = g(A, s)',
      {
        A: [
          [1, 3],
          [10, 20],
        ],
        s: [2, 3],
      },
      [2, 6, 30, 60],
    ],
    [
      'named arguments and defaults',
      'fn g(x, a = 2, b = a + 1) = a * x + 10 * b\nfn f(x) = g(x, b = 1) + g(x)',
      { x: 1 },
      [44],
    ],
    [
      'functions as arguments',
      'fn twice(g, x) = g(g(x))\nfn sq(x) = x^2\nfn f(x) = twice(sq, x)',
      { x: 3 },
      [81],
    ],
    ['local functions', 'fn f(x, k) { fn g(y) = k * y; return g(g(x)) }', { x: 3, k: 2 }, [12]],
    ['sizes are values', 'fn f(x: [n]) = n * sum[i] x[i]', { x: [1, 2, 3] }, [18]],
    [
      'sizes that are solved',
      'fn g(x: [2l]) = l\nfn f(x: [6]) = g(x) + x[0]',
      { x: [1, 0, 0, 0, 0, 0] },
      [4],
    ],
    ['softmax', 'fn f(x: [n]) = softmax(x) * 4', { x: [0, 0] }, [2, 2]],
    ['a definition hides one of the library', 'fn softmax(x) = 3 * x\nfn f(x) = softmax(x)', { x: 2 }, [6]],
  ])('%s', (_, text, data, expected) => {
    expect(of(text, data)).toEqual(expected.map((value) => expect.closeTo(value, 12)))
  })
})

describe('derivatives', () => {
  test.each<[string, string, Data, number[]]>([
    ['of a parameter', 'fn f(x) = d(x^3, x)', { x: 2 }, [12]],
    ['gradient', 'fn f(x: [n]) = grad(sum[i] x[i]^2, x)', { x: [1, 2] }, [2, 4]],
    ['prime', "fn g(x) = x^3\nfn f(x) = g'(x) + g''(x)", { x: 2 }, [24]],
    ['prime of a tensor', "fn g(x) = x^3\nfn f(x: [n]) = g'(x)", { x: [1, 2] }, [3, 12]],
    ['hessian', 'fn f(x: [n]) = hessian(x[0]^2 * x[1], x)', { x: [1, 2] }, [4, 2, 2, 0]],
    [
      'jacobian',
      'fn f(A: [n, m], x: [m]) = jacobian(A @ x, x)',
      {
        A: [
          [1, 2],
          [3, 4],
        ],
        x: [0, 0],
      },
      [1, 2, 3, 4],
    ],
    [
      'jvp',
      'fn f(A: [n, m], x: [m], v: [m]) = jvp(A @ x, x, v)',
      {
        A: [
          [1, 2],
          [3, 4],
        ],
        x: [0, 0],
        v: [1, 10],
      },
      [21, 43],
    ],
    [
      'vjp',
      'fn f(A: [n, m], x: [m], v: [n]) = vjp(A @ x, x, v)',
      {
        A: [
          [1, 2],
          [3, 4],
        ],
        x: [0, 0],
        v: [1, 10],
      },
      [31, 42],
    ],
    ['hvp', 'fn f(x: [n], v: [n]) = hvp(sum[i] x[i]^3, x, v)', { x: [1, 2], v: [1, 1] }, [6, 12]],
    ['of a defined name', 'fn f(x) { y = x^2; z = y^2 + x; return d(z, y) }', { x: 3 }, [18]],
    [
      'inside a function, per element',
      'fn g(x) = d(x^2 * x, x)\nfn f(x: [n]) = sum[i] g(x[i])',
      { x: [1, 2] },
      [15],
    ],
    ['two parameters with one value', 'fn g(a, b) = d(a * b^2, b)\nfn f(x) = g(x, x)', { x: 3 }, [18]],
    ['by a read', 'fn f(x: [n]) { y[i] = d(x[i]^2 + x[0], x[i]); return y }', { x: [1, 2] }, [3, 4]],
    ['through stop_gradient', 'fn f(x) = d(x * stop_gradient(x), x)', { x: 3 }, [3]],
  ])('%s', (_, text, data, expected) => {
    expect(of(text, data)).toEqual(expected.map((value) => expect.closeTo(value, 9)))
  })
})

test('layers share their parameters', () => {
  const text = `
    model D[m](x: [.., k]) { param W: [k, m]; param b: [m] = 1; out y = x @ W + b }
    model M(x: [n, 2]) { param l: D[2]; out y = l(l(x)); loss sum[i, j] l.W[i, j] }`
  const data = { x: [[1, 2]], 'l.W': [[1, 1], [0, 1]], 'l.b': [1, 0] } // prettier-ignore
  expect(evaluate(text, 'M', data)).toEqual([[3, 5], [3]])
})

test('a filter that holds everywhere is none, and one that does not stays', () => {
  const convolution = (padding: number): string =>
    dumpPass(
      `fn f(x: [n], w: [3]) { y[t < n + 2 * ${padding} - 2] = sum[k if 0 <= t + k - ${padding} < n] w[k] * x[t + k - ${padding}]; return y }`,
      {},
      'check',
    ).text
  expect(convolution(0)).not.toMatch(/\bif\b/)
  expect(convolution(1)).toMatch(/\bif\b/)
})
