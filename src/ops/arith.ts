import { increasing, negated, power, product, quotient, sum, valley } from './interval.js'
import { call, fenced, infix, named } from './latex.js'
import type { Family } from './operator.js'
import { clamp, hypot, relu } from './runtime/arith.js'

type Names =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'neg'
  | 'pow'
  | 'abs'
  | 'min'
  | 'max'
  | 'clamp'
  | 'sqrt'
  | 'cbrt'
  | 'hypot'
  | 'relu'

const size = valley(Math.abs, 0)

export const arith: Family<Names> = {
  add: {
    doc: 'a + b',
    evaluate: (a, b) => a + b,
    derivative: { kind: 'partials', of: (m) => [m.number(1), m.number(1)] },
    facts: { total: true },
    interval: sum,
    sample: [
      [-3, 3],
      [-3, 3],
    ],
    kinks: [],
    js: { kind: 'infix', operator: '+' },
    latex: infix('+'),
  },
  sub: {
    doc: 'a - b',
    evaluate: (a, b) => a - b,
    derivative: { kind: 'partials', of: (m) => [m.number(1), m.number(-1)] },
    facts: { total: true },
    interval: (a, b) => sum(a, negated(b)),
    sample: [
      [-3, 3],
      [-3, 3],
    ],
    kinks: [],
    js: { kind: 'infix', operator: '-' },
    latex: infix('-'),
  },
  mul: {
    doc: 'a b',
    evaluate: (a, b) => a * b,
    derivative: { kind: 'partials', of: (_, [a, b]) => [b, a] },
    facts: { total: true },
    interval: product,
    sample: [
      [-3, 3],
      [-3, 3],
    ],
    kinks: [],
    js: { kind: 'infix', operator: '*' },
    latex: infix('\\cdot'),
  },
  div: {
    doc: 'a / b',
    evaluate: (a, b) => a / b,
    derivative: { kind: 'partials', of: (m, [, b], y) => [m.div(m.number(1), b), m.neg(m.div(y, b))] },
    facts: { domain: [{}, { nonzero: true }] },
    interval: quotient,
    sample: [
      [-3, 3],
      [0.5, 3],
    ],
    kinks: [
      { at: [1, 0], partials: [Infinity, -Infinity], because: 'defined by continuity from the right' },
      { at: [0, 0], partials: [Infinity, NaN], because: '0 / 0 is undefined' },
    ],
    js: { kind: 'infix', operator: '/' },
    latex: (a, b) => `\\frac{${a}}{${b}}`,
  },
  neg: {
    doc: '-x',
    evaluate: (x) => -x,
    derivative: { kind: 'partials', of: (m) => [m.number(-1)] },
    facts: { parity: 'odd', monotone: 'decreasing', total: true },
    interval: negated,
    sample: [[-3, 3]],
    kinks: [],
    js: { kind: 'prefix', operator: '-' },
    latex: (x) => `-${x}`,
  },
  pow: {
    doc: 'x ^ y as `Math.pow` has it: real powers of x > 0, whole powers of x < 0, and x ^ 0 = 1',
    evaluate: Math.pow,
    derivative: {
      kind: 'partials',
      of: (m, [x, y], value) => {
        const zero = m.number(0)
        const slope = m.mul(y, m.pow(x, m.sub(y, m.number(1))))
        const atZero = m.select(m.lt(y, zero), m.neg(m.infinity), zero)
        return [
          // 0 · 0^-1 would be NaN at x = y = 0; elsewhere the slope depends on y at y = 0 too.
          m.select(m.or(m.ne(x, zero), m.ne(y, zero)), slope, zero),
          m.select(m.eq(x, zero), atZero, m.mul(value, m.log(x))),
        ]
      },
    },
    facts: { domain: [{ above: 0 }, {}] },
    interval: power,
    sample: [
      [0.3, 3],
      [-2, 3],
    ],
    kinks: [
      { at: [0, 0], partials: [0, 0], because: 'x ^ 0 is constant; 0 by decision in the exponent' },
      { at: [2, 0], partials: [0, Math.LN2], because: 'x ^ 0 is constant' },
      { at: [0, 0.5], partials: [Infinity, 0], because: 'a vertical tangent' },
      { at: [0, 1], partials: [1, 0], because: 'x ^ 1 is x; 0 ^ y is 0 for y > 0' },
      { at: [0, 2], partials: [0, 0], because: '0 ^ y is 0 for y > 0' },
      { at: [0, -1], partials: [-Infinity, -Infinity], because: 'IEEE at the pole' },
      { at: [-2, 3], partials: [12, NaN], because: 'no power between whole ones is real' },
    ],
    js: { kind: 'math', name: 'pow' },
    latex: (x, y) => `${x}^{${y}}`,
  },
  abs: {
    doc: '|x|',
    evaluate: Math.abs,
    derivative: { kind: 'partials', of: (m, [x]) => [m.sign(x)] },
    facts: { parity: 'even', total: true, integer: 'if arguments' },
    interval: size,
    sample: [[0.3, 3]],
    kinks: [{ at: [0], partials: [0], because: 'the subgradient of least norm' }],
    js: { kind: 'math', name: 'abs' },
    latex: fenced('|', '|'),
  },
  min: {
    doc: 'The smaller of a and b; NaN if either is',
    evaluate: Math.min,
    derivative: {
      kind: 'partials',
      of: (m, [a, b]) => {
        const [zero, half, one] = [m.number(0), m.number(1, 2), m.number(1)]
        // 0 outermost: what is not taken is not evaluated.
        return [
          m.select(m.le(a, b), m.select(m.lt(a, b), one, half), zero),
          m.select(m.ge(a, b), m.select(m.gt(a, b), one, half), zero),
        ]
      },
    },
    facts: { total: true, integer: 'if arguments' },
    interval: (a, b) => ({ low: Math.min(a.low, b.low), high: Math.min(a.high, b.high) }),
    sample: [
      [-3, -0.3],
      [0.3, 3],
    ],
    kinks: [{ at: [1, 1], partials: [0.5, 0.5], because: 'shares at a tie are equal and sum to 1' }],
    js: { kind: 'math', name: 'min' },
    latex: call('\\min'),
  },
  max: {
    doc: 'The larger of a and b; NaN if either is',
    evaluate: Math.max,
    derivative: {
      kind: 'partials',
      of: (m, [a, b]) => {
        const [zero, half, one] = [m.number(0), m.number(1, 2), m.number(1)]
        return [
          m.select(m.ge(a, b), m.select(m.gt(a, b), one, half), zero),
          m.select(m.le(a, b), m.select(m.lt(a, b), one, half), zero),
        ]
      },
    },
    facts: { total: true, integer: 'if arguments' },
    interval: (a, b) => ({ low: Math.max(a.low, b.low), high: Math.max(a.high, b.high) }),
    sample: [
      [-3, -0.3],
      [0.3, 3],
    ],
    kinks: [{ at: [1, 1], partials: [0.5, 0.5], because: 'shares at a tie are equal and sum to 1' }],
    js: { kind: 'math', name: 'max' },
    latex: call('\\max'),
  },
  clamp: {
    doc: 'x moved into [low, high], where low <= high',
    evaluate: clamp,
    derivative: {
      kind: 'partials',
      of: (m, [x, low, high]) => {
        const [zero, one] = [m.number(0), m.number(1)]
        return [
          m.select(m.and(m.ge(x, low), m.le(x, high)), one, zero),
          m.select(m.lt(x, low), one, zero),
          m.select(m.gt(x, high), one, zero),
        ]
      },
    },
    facts: { total: true, integer: 'if arguments' },
    interval: (x, low, high) => ({
      low: clamp(x.low, low.low, high.low),
      high: clamp(x.high, low.high, high.high),
    }),
    sample: [
      [-0.8, 0.8],
      [-3, -1],
      [1, 3],
    ],
    kinks: [
      { at: [0, 0, 1], partials: [1, 0, 0], because: 'a parameter on a bound is not frozen' },
      { at: [1, 0, 1], partials: [1, 0, 0], because: 'a parameter on a bound is not frozen' },
      { at: [-1, 0, 1], partials: [0, 1, 0], because: 'below the bounds' },
      { at: [2, 0, 1], partials: [0, 0, 1], because: 'above the bounds' },
    ],
    js: { kind: 'runtime', name: 'clamp' },
    latex: named('clamp'),
  },
  sqrt: {
    doc: 'The square root',
    evaluate: Math.sqrt,
    derivative: { kind: 'partials', of: (m, _, y) => [m.div(m.number(1), m.mul(m.number(2), y))] },
    facts: { monotone: 'increasing', domain: [{ from: 0 }] },
    interval: increasing(Math.sqrt, { low: 0, high: Infinity }),
    sample: [[0.2, 4]],
    kinks: [{ at: [0], partials: [Infinity], because: 'a vertical tangent' }],
    js: { kind: 'math', name: 'sqrt' },
    latex: (x) => `\\sqrt{${x}}`,
  },
  cbrt: {
    doc: 'The real cube root',
    evaluate: Math.cbrt,
    derivative: { kind: 'partials', of: (m, _, y) => [m.div(m.number(1), m.mul(m.number(3), m.mul(y, y)))] },
    facts: { parity: 'odd', monotone: 'increasing', total: true },
    interval: increasing(Math.cbrt),
    sample: [[0.2, 4]],
    kinks: [{ at: [0], partials: [Infinity], because: 'a vertical tangent' }],
    js: { kind: 'math', name: 'cbrt' },
    latex: (x) => `\\sqrt[3]{${x}}`,
  },
  hypot: {
    doc: '√(x² + y²) without overflow',
    evaluate: hypot,
    derivative: {
      kind: 'partials',
      of: (m, [x, y], r) => {
        const zero = m.number(0)
        const share = (side: typeof r) => m.select(m.eq(r, zero), zero, m.div(side, r))
        return [share(x), share(y)]
      },
    },
    facts: { total: true },
    interval: (x, y) => {
      const [a, b] = [size(x), size(y)]
      return { low: hypot(a.low, b.low), high: hypot(a.high, b.high) }
    },
    sample: [
      [0.3, 3],
      [-3, 3],
    ],
    kinks: [{ at: [0, 0], partials: [0, 0], because: 'the subgradient of least norm' }],
    js: { kind: 'runtime', name: 'hypot' },
    latex: (x, y) => `\\sqrt{{${x}}^{2} + {${y}}^{2}}`,
  },
  relu: {
    doc: 'max(x, 0) with slope 0 at 0',
    evaluate: relu,
    derivative: {
      kind: 'partials',
      of: (m, [x]) => [m.select(m.gt(x, m.number(0)), m.number(1), m.number(0))],
    },
    facts: { monotone: 'increasing', total: true, integer: 'if arguments' },
    interval: increasing(relu),
    sample: [[0.3, 3]],
    kinks: [{ at: [0], partials: [0], because: 'the slope that trains best' }],
    js: { kind: 'runtime', name: 'relu' },
    latex: named('relu'),
  },
}
