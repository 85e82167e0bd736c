import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { mistakes } from '../grammar/mistakes/edits.js'
import { check } from './checking.js'

/** What is wrong, the program, and all that is said about it. */
const table: readonly (readonly [string, string, readonly string[]])[] = [
  ['unknown name', 'fn f(x) = 2 * y', [`1:15 'y' is not defined`]],
  ['unknown name near', 'fn f(width) = 2 * widht', [`1:19 'widht' is not defined (did you mean 'width'?)`]],
  ['unknown function', 'fn f(x) = rellu(x)', [`1:11 there is no function 'rellu' (did you mean 'relu'?)`]],
  ['known elsewhere', 'fn f(x) = Φ(x)', [`1:11 there is no function 'Φ' (did you mean 'normal_cdf'?)`]],
  ['no name of the library', 'fn f(x) = toString(x)', [`1:11 there is no function 'toString'`]],
  ['twice', 'fn f(x) { a = x; a = 2 * x; return a }', [`1:18 'a' is defined twice`]],
  ['two functions', 'fn f(x) = x\nfn f(x) = 2 * x', [`2:4 'f' is defined twice`]],
  ['before definition', 'fn f(x) { a = b + 1; b = x; return a }', [`1:15 'b' is defined further down`]],
  ['too few', 'fn g(a, b) = a * b\nfn f(x) = g(x)', [`2:11 'g' needs a value for 'b'`]],
  ['too many', 'fn g(a, b) = a * b\nfn f(x) = g(x, x, x)', [`2:19 'g' takes 2 arguments, here are 3`]],
  ['operator arity', 'fn f(x) = exp(x, x)', [`1:11 'exp' takes 1 argument, here are 2`]],
  [
    'unknown named',
    'fn g(a, slope = 1) = a * slope\nfn f(x) = g(x, slop = 2)',
    [`2:16 'g' has no parameter 'slop' (did you mean 'slope'?)`],
  ],
  [
    'a first value made of data',
    'model M(x: [n]) {\n  param s = 2 * sum(x)\n  out y = s * x\n}',
    [`2:13 the first value of 's' can only be made of numbers, sizes and positions`],
  ],
  [
    'shape pointwise',
    'fn f(x: [n], y: [m]) = x + y',
    [
      '1:24 +: shapes [n] and [m] do not fit (axes are matched from the last, and must be equal or 1; by indices: y[i, j] = a[i] … b[j])',
    ],
  ],
  [
    'contraction',
    'model M(x: [n, 784]) {\n  param W: [512, 10]\n  out y = x @ W\n}',
    [
      `3:11 '@' sums over the last axis of the left and the first matrix axis of the right: [n, 784] @ [512, 10] do not fit`,
    ],
  ],
  [
    'size from where',
    'fn g(a: [n], b: [n]) = sum[i] a[i] * b[i]\nfn f(x: [3], y: [4]) = g(x, y)',
    [`2:29 size n of 'b' is 3 here, not 4`],
  ],
  ['rank call', 'fn g(A: [n, m]) = sum(A)\nfn f(x: [3]) = g(x)', [`2:18 'A' needs 2 axes, this is [3]`]],
  ['rank subscripts', 'fn f(x: [n]) = sum[i, j] x[i, j]', [`1:26 'x' has 1 axis, here are 2 subscripts`]],
  ['scalar @', 'fn f(x: [n], a) = a @ x', [`1:19 '@' needs a vector or a matrix, this is a scalar`]],
  [
    'body ends before',
    'fn f(x: [n], m: [n]) = sum[i] x[i] - m[i]',
    [
      `1:40 'i' is not bound here: the body of 'sum[i]' ends before '-' (put parentheses around 'x[i] - m[i]')`,
    ],
  ],
  ['unbound index', 'fn f(x: [n]) = x[i]', [`1:18 'i' is not defined`]],
  [
    'out of range',
    'fn f(x: [n]) = sum[i < n] x[i + 1]',
    [
      `1:29 axis 0 of 'x' has the positions 0 … n - 1, this reads i + 1 (1 … n) (bound the index, or guard the read: if 0 <= … < … then … else 0)`,
    ],
  ],
  [
    'rows of different lengths',
    'fn f(x: [n]) {\n  y[i < n, j < i] = x[j]\n  return y\n}',
    [
      "2:12 the range of 'j' varies: the rows of a tensor are equally long (state the widest range and choose: 'if … then … else 0')",
    ],
  ],
  [
    'a table out of range',
    'const l = [1, 2, 5]\nfn f(x: [5]) {\n  y[s] = x[l[s]]\n  return y\n}',
    [
      "3:12 axis 0 of 'x' has the positions 0 … 4, this reads table[s] (1 … 5) (bound the index, or guard the read: if 0 <= … < … then … else 0)",
    ],
  ],
  [
    'constant out of range',
    'fn f(x: [3]) = x[3]',
    [`1:18 axis 0 of 'x' has the positions 0 … 2, this reads 3 (positions count from 0)`],
  ],
  [
    'negative',
    'fn f(x: [n]) { y[i] = x[i] - x[i - 1]; return y }',
    [
      `1:32 axis 0 of 'x' has the positions 0 … n - 1, this reads i - 1 (-1 … n - 2) (bound the index, or guard the read: if 0 <= … < … then … else 0)`,
    ],
  ],
  [
    'no range',
    'fn f(x) { y[i] = x * i; return y }',
    [`1:13 the range of 'i' is not known: nothing it subscripts determines it (state it: 'i < n')`],
  ],
  [
    'contradictory',
    'fn f(x: [n], y: [m]) = sum[i] x[i] * y[i]',
    [
      `1:28 'i' has two ranges: n and m (declare both axes with one size, or state the smaller range: 'i < …')`,
    ],
  ],
  [
    'incomparable',
    'fn f(x: [n], y: [m]) { z[i] = x[2*i] + y[2*i]; return z }',
    [
      `1:26 'i' stays below div(n + 1, 2) and below div(m + 1, 2), and which is less is not known (state the bound)`,
    ],
  ],
  [
    'non-int subscript',
    'fn f(x: [n], t) = x[t / 2]',
    ['1:21 a subscript must be a whole number (whole-number division is div(a, b))'],
  ],
  [
    'non-int bound',
    'fn f(x: [n]) = sum[i < sqrt(2)] x[i]',
    [`1:24 a bound of 'i' must be a whole number (whole-number division is div(a, b))`],
  ],
  [
    'product of parentheses with d',
    'fn f(d) = d(d - 1)',
    [
      `1:11 d(…) takes an expression and a variable, or several variables (write 'd(e, x)'; for a product, 'd * (…)')`,
    ],
  ],
  [
    'reserved function',
    'fn exp(x) = x',
    [`1:4 'exp' cannot be defined: it is an operator (choose another name)`],
  ],
  [
    'model called',
    'model D[m](x: [.., k]) { param W: [k, m]; out y = x @ W }\nmodel M(x: [n, 3]) { out y = D[4](x) }',
    [
      `2:30 'D' is a model: its parameters need a name (declare it, 'param layer: D[…]', and call 'layer(…)')`,
    ],
  ],
  ['no out', 'model M(x: [n]) { param a: [n] }', [`1:7 the model 'M' has neither 'out' nor 'loss'`]],
  ['no return', 'fn f(x) { y = x }', [`1:4 'f' returns nothing (end it with 'return …')`]],
  [
    'recursion',
    'fn f(x) = if x < 1 then 1 else x * f(x - 1)',
    [`1:36 'f' needs itself: functions cannot be recursive (a repetition is written 'recur t < T { … }')`],
  ],
  [
    'mutual recursion',
    'fn f(x) = g(x)\nfn g(x) = f(x)',
    [`2:11 'f' needs itself: functions cannot be recursive (a repetition is written 'recur t < T { … }')`],
  ],
  [
    'non causal',
    'fn f(x: [T]) {\n  recur t < T {\n    h[-1] = 0\n    h[t] = h[t+1] + x[t]\n  }\n  return h\n}',
    [
      `4:14 this position of 'h' is not computed yet: the recurrence runs forwards (read 'h[t-1]' or before; with initial values after the range, 'h[T] = …', it runs backwards)`,
    ],
  ],
  [
    'no initial',
    'fn f(x: [T]) {\n  recur t < T { h[t] = h[t-1] + x[t] }\n  return h\n}',
    [
      `2:24 'h' has no initial value at t = 0 (it is a line of its own in the recurrence, such as 'h[-1] = …')`,
    ],
  ],
  [
    'too far back',
    'fn f(x: [T]) {\n  recur t < T { h[-1] = 0; h[t] = h[t-2] + x[t] }\n  return h\n}',
    [
      `2:37 axis 0 of 'h' has the positions 0 … T - 1, this reads t - 2 (-2 … T - 3) (bound the index, or guard the read: if 0 <= … < … then … else 0)`,
    ],
  ],
  [
    'no step',
    'fn f(x: [T]) {\n  recur t < T { h[-1] = 0; h[s] = x[t] }\n  return h\n}',
    [`2:17 'h' has no equation for the step: h[t] = …`],
  ],
  [
    'whole recurrent',
    'fn f(x: [T]) {\n  recur t < T { h[-1] = 0; h[t] = x[t] + sum(h) }\n  return h\n}',
    [`2:46 inside its recurrence 'h' is read one step at a time: h[t - 1]`],
  ],
  [
    'grad wrt int',
    'fn f(x: [n], m: int) = grad(m * sum[i] x[i], m)',
    [`1:46 'm' is whole-numbered: there is no derivative with respect to it`],
  ],
  [
    'grad of vector',
    'fn f(x: [n]) = grad(2 * x, x)',
    [
      `1:21 what 'grad' differentiates must be a scalar, this is [n] (write 'jacobian(e, x)', or 'grad(sum(e), x)')`,
    ],
  ],
  [
    'derivative by expression',
    'fn f(x) = d(x^2, x + 1)',
    [
      `1:18 a derivative is taken with respect to a parameter, a defined name or a read of one (give it a name, 'u = …', and write the expression with 'u')`,
    ],
  ],
  [
    'unknown initialiser',
    'model M(x: [n, k]) { param W: [k, 3] ~ glorott; out y = x @ W }',
    [`1:40 there is no initialiser 'glorott' (did you mean 'glorot'?)`],
  ],
  [
    'unknown type',
    'model M(x: [n, k]) { param l: Dence[3]; out y = l(x) }',
    [`1:31 'Dence' is neither a type nor a model`],
  ],
  [
    'never applied',
    'model D[m](x: [.., k]) { param W: [k, m]; out y = x @ W }\nmodel M(x: [n, 3]) { param l: D[4]; out y = x }',
    [`2:28 the layer 'l' is never applied`],
  ],
  [
    'shared with other size',
    'model D[m](x: [.., k]) { param W: [k, m]; out y = x @ W }\nmodel M(x: [n, 3], z: [n, 4]) { param l: D[2]; out y = l(x) + l(z) }',
    [`2:63 'W' is shared: it is [3, 2] by the first application, here it would be [4, 2]`],
  ],
  [
    'missing size',
    'model D[m](x: [.., k]) { param W: [k, m]; out y = x @ W }\nmodel M(x: [n, 3]) { param l: D; out y = l(x) }',
    [`2:31 'D' needs a value for the size 'm'`],
  ],
  [
    'no member',
    'model D[m](x: [.., k]) { param W: [k, m]; out y = x @ W }\nmodel M(x: [n, 3]) { param l: D[2]; out y = l(x) + sum(l.V) }',
    [`2:58 there is no 'V' in it`],
  ],
  [
    'results',
    'fn g(x) { return x, 2 * x }\nfn f(x) = g(x) + 1',
    [`2:11 'g' has 2 results; take them as 'a, b = g(…)'`],
  ],
  [
    'targets',
    'fn g(x) { return x, 2 * x }\nfn f(x) { a, b, c = g(x); return a }',
    ['2:21 3 names on the left, 2 values on the right'],
  ],
  ['declared shape', 'fn f(x: [n]) { y: [3] = [1, 2]; return y }', [`1:16 axis 0 of 'y' is 3 here, not 2`]],
  ['two losses', 'model M(x: [n]) { param a; loss a; loss 2a }', ['1:36 a model has one loss']],
  [
    'loss vector',
    'model M(x: [n]) { param a: [n]; loss a * x }',
    ['1:38 the loss must be a scalar, this is [n]'],
  ],
  ['cyclic constant', 'const a = b\nconst b = a + 1\nfn f(x) = a * x', [`1:7 the constant 'a' needs itself`]],
  [
    'index twice',
    'fn f(x: [n]) { A[i, i] = x[i]; return A }',
    [`1:21 the index 'i' stands twice on the left (write 'i2 < …' and compare them)`],
  ],
  [
    'row column',
    `fn f(x: [n], y: [n]) = x - y'`,
    [`1:24 a row and a column do not fit pointwise (an outer product is 'x @ y'')`],
  ],
  [
    'function as value',
    'fn f(x) = relu + x',
    [`1:11 'relu' is a function; it stands only before '(' or as an argument for a function`],
  ],
  [
    'slice',
    'fn f(x: [4]) = x[2:5]',
    [`1:18 axis 0 of 'x' has 4 positions, this takes 2:5 (a slice a:b takes the positions a … b - 1)`],
  ],
  [
    'empty range',
    'fn f(x: [3], w: [5]) { y[t] = sum[k] w[k] * x[t + k]; return y }',
    [`1:26 the range of 't' is empty: nothing fits`],
  ],
  ['param in fn', 'fn f(x) { param a; return a * x }', [`1:11 'param' belongs in a model`]],
  [
    'definition at top',
    'a = 3\nfn f(x) = a * x',
    [`1:1 a definition belongs in a function or model, or is a 'const'`],
  ],
  [
    'two errors',
    'fn f(x: [n], y: [m]) = x + y\nfn g(x) = rellu(x)\nfn h(x) = x',
    [
      '1:24 +: shapes [n] and [m] do not fit (axes are matched from the last, and must be equal or 1; by indices: y[i, j] = a[i] … b[j])',
      `2:11 there is no function 'rellu' (did you mean 'relu'?)`,
    ],
  ],
  [
    'not proven data',
    'fn f(x: [n], k: int[m]) { y[i] = x[k[i] + 1]; return y }',
    [
      `1:36 axis 0 of 'x' has n positions; that this one exists cannot be shown (guard it: if 0 <= … < … then …)`,
    ],
  ],
  [
    'int expected',
    'fn g(label: int[n]) = sum(label)\nfn f(x: [n]) = g(x)',
    [`2:18 'label' must be a whole number (whole-number division is div(a, b))`],
  ],
  [
    'rule of unknown',
    'fn angle(y, x) = atan2(y, x)\nderivative of angel(y, x) by y = x',
    [`2:15 there is no function 'angel' to differentiate (did you mean 'angle'?)`],
  ],
  [
    'rule by',
    'fn angle(y, x) = atan2(y, x)\nderivative of angle(y, x) = x',
    [`2:1 which parameter of 'angle'? add 'by'`],
  ],
  [
    'assignment size',
    'fn f(A: [n, n]) = sum[i] A[i, i]\nfn g(B: [2, 3]) = f(B)',
    [`2:21 size n of 'A' is 2 here, not 3`],
  ],
  ['unsolvable', 'fn f(x: [2l]) = sum(x)\nfn g(y: [5]) = f(y)', ['2:18 no size makes 2l equal to 5']],
  ['size unknown', 'fn f(x: [2l + m]) = sum(x)', [`1:4 the size 'l' does not follow from the data`]],
  [
    'call of a value',
    'fn f(x) { a = 2 * x; return a(x + 1) }',
    [`1:29 'a' is not a function (for a product write 'a * (…)')`],
  ],
  ['member of tensor', 'fn f(x: [n]) = x.W', [`1:18 there is no 'W' in it`]],
  [
    'layer as value',
    'model D[m](x: [.., k]) { param W: [k, m]; out y = x @ W }\nmodel M(x: [n, 3]) { param l: D[2]; out y = l + x }',
    [`2:45 'l' is a layer: apply it, 'l(x)', or read a parameter of it, 'l.W'`],
  ],
  [
    'two many dims',
    'model D[m](x: [.., k]) { param W: [k, m]; out y = x @ W }\nmodel M(x: [n, 3]) { param l: D[2, 3]; out y = l(x) }',
    [`2:31 'D' has 1 size in brackets, here are 2`],
  ],
  [
    'function expected',
    'fn twice(f, x) = f(f(x))\nfn g(x) = twice(2 * x, x)',
    [`2:17 'twice' calls its parameter 'f': give it the name of a function`],
  ],
  [
    'concat',
    'fn f(a: [n, 2], b: [m, 3]) = concat(a, b)',
    ['1:40 concat: shapes [n, 2] and [m, 3] do not fit'],
  ],
  ['concat axis', 'fn f(a: [n], b: [m]) = concat(a, b, axis = 1)', ['1:37 the axis is a number from 0 to 0']],
  ['solve', 'fn f(A: [n, m], b: [n]) = solve(A, b)', [`1:33 'solve' needs a square matrix, this is [n, m]`]],
  ['array shapes', 'fn f(a: [2], b: [3]) = [a, b]', ['1:28 […]: shapes [2] and [3] do not fit']],
  [
    'non causal backwards',
    'fn f(x: [T]) {\n  recur t < T { g[T] = 0; g[t] = g[t-1] + x[t] }\n  return g\n}',
    [
      `2:36 this position of 'g' is not computed yet: the recurrence runs backwards (read 'g[t+1]' or after; with initial values before the range, 'g[-1] = …', it runs forwards)`,
    ],
  ],
  [
    'recur filter',
    'fn f(x: [T]) {\n  recur t < T if t > 0 { g[-1] = 0; g[t] = g[t-1] + x[t] }\n  return g\n}',
    [`2:18 'recur' takes no filter (write 'if … then … else …' in the equation)`],
  ],
  [
    'recur without end',
    'fn f(x: [T]) {\n  recur t { g[-1] = 0; g[t] = g[t-1] + x[t] }\n  return g\n}',
    [`2:9 the range of 't' is not known: nothing it subscripts determines it (state it: 't < n')`],
  ],
  [
    'initial in the middle',
    'fn f(x: [T]) {\n  recur t < T { g[2] = 0; g[t] = g[t-1] + x[t] }\n  return g\n}',
    [`2:17 the initial positions of 'g' must stand directly before or after its range`],
  ],
  [
    'lower bound on left',
    'fn f(x: [n]) { y[1 <= i < n] = x[i]; return y }',
    [`1:18 a tensor starts at 0: 'i' cannot start later`],
  ],
  [
    'multiple results ok count',
    'fn f(x) { a, b = x; return a }',
    ['1:18 2 names on the left, 1 value on the right'],
  ],
  ['number range', 'fn f(x) = 1e99999 * x', ['1:11 the number 1e99999 is out of range']],
  [
    'prime of two',
    `fn g(x, y) = x * y
fn f(x) = g'(x)`,
    [`2:11 g'(…) is the derivative of a function of one argument`],
  ],
  ['vjp shape', 'fn f(x: [n], g: [m]) = vjp(2 * x, x, g)', ['1:38 vjp: shapes [n] and [m] do not fit']],
  [
    'returns in middle',
    'fn f(x) { return x; y = 2 * x }',
    [`1:11 'return' is the last statement of a function`],
  ],
  [
    'orthogonal vector',
    'model M(x: [n]) { param b: [n] ~ orthogonal; out y = x + b }',
    [`1:34 'orthogonal' needs a matrix, this is a vector`],
  ],
  [
    'a local function without result',
    'fn f(x) { fn g(y) { z = 2 * y }; return g(x) }',
    [`1:14 'g' returns nothing (end it with 'return …')`],
  ],
  [
    'an optimiser without its states',
    'optimizer o(θ, g, s) = θ - g',
    [`1:11 the optimizer 'o' returns the new parameters and its states: 2 values, here is 1`],
  ],
  [
    'a step that is made of itself',
    'fn f(x: [T]) { recur t < T { h[-1] = 0; h[t] = h[t] + x[t] }; return h }',
    [`1:48 'h' is not computed yet in this step (read 'h[t-1]', or put its equation above this one)`],
  ],
  [
    'a step that is made of a later line, backwards',
    'fn f(x: [T]) { recur t < T { h[T] = 0; g[T] = 0; h[t] = g[t]; g[t] = h[t] * x[t] }; return h }',
    [`1:57 'g' is not computed yet in this step (read 'g[t+1]', or put its equation above this one)`],
  ],
  [
    'two rules for one derivative',
    'fn f(x, y) = x * y\nderivative of f(x, y) by x = y\nderivative of f(x, y) by x given g = g * y\nfn h(x) = x^2\nderivative of h(x) = 2x\nderivative of h(x) by x = 2x',
    [
      `3:1 there are two rules for the derivative of 'f' by 'x' (leave one out)`,
      `6:1 there are two rules for the derivative of 'h' by 'x' (leave one out)`,
    ],
  ],
  [
    'data without entries',
    'fn f(x: [n, 0]) = sum(x)',
    ['1:13 data have at least one entry along each axis, here 0 (a size that the data say has a name: [n])'],
  ],
  [
    'a row times a row',
    "fn f(x: [n]) = x' @ x'",
    [
      `1:16 a row stands on the right of a vector only, x @ y': here [n]' @ [n]' (x' @ y is the inner product, A @ x a product with a matrix)`,
    ],
  ],
  [
    'a matrix times a row',
    "fn f(A: [n, n], x: [n]) = A @ x'",
    [
      `1:27 a row stands on the right of a vector only, x @ y': here [n, n] @ [n]' (x' @ y is the inner product, A @ x a product with a matrix)`,
    ],
  ],
  [
    'a label that is no class',
    'fn f(x: [3]) = one_hot(3, 3) * x',
    [`nnc/tensors:39:80 axis 0 of 'rows' has the positions 0 … 2, this reads 3 (positions count from 0)`],
  ],
  [
    'an optimiser of nothing',
    'optimizer o(w, rate = 1, g) = w - g',
    [
      `1:11 the optimizer 'o' takes the parameters, their gradient and its states, none of them with a default (write: optimizer name(w, g, state, setting = 0.1) { … })`,
    ],
  ],
  [
    'an optimiser of matrices',
    'optimizer o(w: [n, m], g, v: [k]) = w, v',
    [
      `1:13 'w' has the shape of the parameters that are updated, which can be any (leave the type out)`,
      `1:24 'g' has the shape of the parameters that are updated, which can be any (leave the type out)`,
      `1:27 'v' has the shape of the parameters that are updated, which can be any (leave the type out, or write [] for a state that is one number)`,
    ],
  ],
  [
    'a setting that is no number',
    'optimizer o(w, g, s: [2] = 0) = w - g',
    [`1:19 the setting 's' is a number (what has no default is a state of any shape)`],
  ],
  [
    'states in another order',
    'optimizer o(w, g, t: [], v) = w, v, t',
    [
      `1:19 result 2 is the new 't': a number is expected, here is [n]`,
      `1:26 result 3 is the new 'v': [n] is expected, here is a number`,
    ],
  ],
]

test.each(table)('%s', (_, text, expected) => {
  expect(check(text).errors).toEqual(expected)
})

describe('notes say where things come from', () => {
  const notes = (text: string): string[] =>
    check(text).diagnostics.list.flatMap(({ notes }) => notes.map(({ message }) => message))
  test('shapes of names', () => {
    expect(notes('model M(x: [n, 784]) {\n  param W: [512, 10]\n  out y = x @ W\n}')).toEqual([
      'x is declared here: [n, 784]',
      'W is declared here: [512, 10]',
    ])
  })
  test('sizes', () => {
    expect(notes('fn g(a: [n], b: [n]) = sum[i] a[i] * b[i]\nfn f(x: [3], y: [4]) = g(x, y)')).toEqual([
      'the type is stated here',
      'n = 3 comes from here',
      'in this call of g',
    ])
  })
})

describe('warnings', () => {
  test('a parameter that is hidden', () => {
    expect(check('fn f(x, y) { x = 2 * y; return x }').warnings).toEqual([
      "1:14 'x' hides the parameter of that name",
    ])
  })
  test('a read that is tested later', () => {
    const { warnings, program } = check('fn f(x: [n], y: [m]) = sum[i < n] x[i] * y[i]')
    expect(warnings).toEqual([
      "1:44 whether axis 0 of 'y' has this position is tested when the sizes are known",
    ])
    expect(program.entries[0].checks.length).toBe(1)
  })
  test('an exported function that calls its parameter', () => {
    expect(check('export fn f(x, y) = x(y + 1)').warnings).toEqual([
      "1:13 'f' calls its parameter 'x': it exists only inside .nn files (for a product write 'x * (…)')",
    ])
  })
})

describe('a syntax error is not followed by others', () => {
  const sample = readFileSync(new URL('../grammar/mistakes/sample.nn', import.meta.url), 'utf8')
  const files = {
    './layers.nn': 'export model Dense[m](x: [.., k]) { param W: [k, m]; out y = x @ W }',
  }
  const messages = (text: string): string[] =>
    check(text, { files }).errors.map((e) => e.replace(/^\S+ /, ''))
  // The sample is there for its syntax: its shapes do not fit.
  const ofSample = new Set(messages(sample))
  test.each(mistakes)('$name', ({ edits, says }) => {
    const text = edits.reduce((before, [from, to]) => before.replace(from, () => to), sample)
    expect(messages(text).filter((message) => !ofSample.has(message)).length).toBe(says.length)
  })
})

test('mistakes of several functions are reported together, sound entries stay', () => {
  const { errors, program } = check('fn f(x: [n], y: [m]) = x + y\nfn g(x) = rellu(x)\nfn h(x) = x')
  expect(errors.length).toBe(2)
  expect(program.entries.map(({ name }) => name)).toEqual(['h'])
})
