import { angle, decreasing, increasing, tangent, valley, wave } from './interval.js'
import { call, named } from './latex.js'
import type { Algebra, Family } from './operator.js'

type Names =
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'atan2'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'asinh'
  | 'acosh'
  | 'atanh'

const unit = { low: -1, high: 1 }
const steep = 'a vertical tangent'

/** √(1 - x²), as a product of exact differences: `1 - x^2` cancels near ±1. */
function circle<E>(m: Algebra<E>, x: E): E {
  return m.sqrt(m.mul(m.sub(m.number(1), x), m.add(m.number(1), x)))
}

export const trig: Family<Names> = {
  sin: {
    doc: 'The sine of an angle in radians',
    evaluate: Math.sin,
    derivative: { kind: 'partials', of: (m, [x]) => [m.cos(x)] },
    facts: { parity: 'odd', total: true },
    interval: wave(Math.sin, 0.25),
    sample: [[-3, 3]],
    kinks: [],
    js: { kind: 'math', name: 'sin' },
    latex: call('\\sin'),
  },
  cos: {
    doc: 'The cosine of an angle in radians',
    evaluate: Math.cos,
    derivative: { kind: 'partials', of: (m, [x]) => [m.neg(m.sin(x))] },
    facts: { parity: 'even', total: true },
    interval: wave(Math.cos, 0),
    sample: [[-3, 3]],
    kinks: [],
    js: { kind: 'math', name: 'cos' },
    latex: call('\\cos'),
  },
  tan: {
    doc: 'The tangent of an angle in radians',
    evaluate: Math.tan,
    derivative: { kind: 'partials', of: (m, _, y) => [m.add(m.number(1), m.mul(y, y))] },
    facts: { parity: 'odd' },
    interval: tangent,
    sample: [[-1.2, 1.2]],
    kinks: [],
    js: { kind: 'math', name: 'tan' },
    latex: call('\\tan'),
  },
  asin: {
    doc: 'The inverse of sin on [-1, 1]',
    evaluate: Math.asin,
    derivative: { kind: 'partials', of: (m, [x]) => [m.div(m.number(1), circle(m, x))] },
    facts: { parity: 'odd', monotone: 'increasing', domain: [{ from: -1, to: 1 }] },
    interval: increasing(Math.asin, unit),
    sample: [[-0.8, 0.8]],
    kinks: [
      { at: [1], partials: [Infinity], because: steep },
      { at: [-1], partials: [Infinity], because: steep },
    ],
    js: { kind: 'math', name: 'asin' },
    latex: call('\\arcsin'),
  },
  acos: {
    doc: 'The inverse of cos on [-1, 1]',
    evaluate: Math.acos,
    derivative: { kind: 'partials', of: (m, [x]) => [m.div(m.number(-1), circle(m, x))] },
    facts: { monotone: 'decreasing', domain: [{ from: -1, to: 1 }] },
    interval: decreasing(Math.acos, unit),
    sample: [[-0.8, 0.8]],
    kinks: [
      { at: [1], partials: [-Infinity], because: steep },
      { at: [-1], partials: [-Infinity], because: steep },
    ],
    js: { kind: 'math', name: 'acos' },
    latex: call('\\arccos'),
  },
  atan: {
    doc: 'The inverse of tan',
    evaluate: Math.atan,
    derivative: {
      kind: 'partials',
      of: (m, [x]) => [m.div(m.number(1), m.add(m.number(1), m.mul(x, x)))],
    },
    facts: { parity: 'odd', monotone: 'increasing', total: true },
    interval: increasing(Math.atan),
    sample: [[-3, 3]],
    kinks: [],
    js: { kind: 'math', name: 'atan' },
    latex: call('\\arctan'),
  },
  atan2: {
    doc: 'atan2(y, x): the angle of the point (x, y), in [-π, π]',
    evaluate: Math.atan2,
    derivative: {
      kind: 'partials',
      of: (m, [y, x]) => {
        const zero = m.number(0)
        const square = m.add(m.mul(x, x), m.mul(y, y))
        const share = (side: typeof x) => m.select(m.eq(square, zero), zero, m.div(side, square))
        return [share(x), m.neg(share(y))]
      },
    },
    facts: { total: true },
    interval: angle,
    sample: [
      [0.3, 3],
      [-3, 3],
    ],
    kinks: [{ at: [0, 0], partials: [0, 0], because: 'by decision: the angle has every limit there' }],
    js: { kind: 'math', name: 'atan2' },
    latex: named('atan2'),
  },
  sinh: {
    doc: 'The hyperbolic sine',
    evaluate: Math.sinh,
    derivative: { kind: 'partials', of: (m, [x]) => [m.cosh(x)] },
    facts: { parity: 'odd', monotone: 'increasing', total: true },
    interval: increasing(Math.sinh),
    sample: [[-3, 3]],
    kinks: [],
    js: { kind: 'math', name: 'sinh' },
    latex: call('\\sinh'),
  },
  cosh: {
    doc: 'The hyperbolic cosine',
    evaluate: Math.cosh,
    derivative: { kind: 'partials', of: (m, [x]) => [m.sinh(x)] },
    facts: { parity: 'even', total: true, nonzero: true },
    interval: valley(Math.cosh, 0),
    sample: [[-3, 3]],
    kinks: [],
    js: { kind: 'math', name: 'cosh' },
    latex: call('\\cosh'),
  },
  tanh: {
    doc: 'The hyperbolic tangent',
    evaluate: Math.tanh,
    derivative: { kind: 'partials', of: (m, _, y) => [m.sub(m.number(1), m.mul(y, y))] },
    facts: { parity: 'odd', monotone: 'increasing', total: true },
    interval: increasing(Math.tanh),
    sample: [[-2, 2]],
    kinks: [],
    js: { kind: 'math', name: 'tanh' },
    latex: call('\\tanh'),
  },
  asinh: {
    doc: 'The inverse of sinh',
    evaluate: Math.asinh,
    derivative: {
      kind: 'partials',
      of: (m, [x]) => [m.div(m.number(1), m.sqrt(m.add(m.mul(x, x), m.number(1))))],
    },
    facts: { parity: 'odd', monotone: 'increasing', total: true },
    interval: increasing(Math.asinh),
    sample: [[-3, 3]],
    kinks: [],
    js: { kind: 'math', name: 'asinh' },
    latex: named('arsinh'),
  },
  acosh: {
    doc: 'The inverse of cosh for x >= 1',
    evaluate: Math.acosh,
    derivative: {
      kind: 'partials',
      // Two roots: x² would overflow, and below -1 their product would be real.
      of: (m, [x]) => {
        const one = m.number(1)
        return [m.div(one, m.mul(m.sqrt(m.sub(x, one)), m.sqrt(m.add(x, one))))]
      },
    },
    facts: { monotone: 'increasing', domain: [{ from: 1 }] },
    interval: increasing(Math.acosh, { low: 1, high: Infinity }),
    sample: [[1.2, 4]],
    kinks: [{ at: [1], partials: [Infinity], because: steep }],
    js: { kind: 'math', name: 'acosh' },
    latex: named('arcosh'),
  },
  atanh: {
    doc: 'The inverse of tanh on [-1, 1]',
    evaluate: Math.atanh,
    derivative: {
      kind: 'partials',
      of: (m, [x]) => {
        const one = m.number(1)
        return [m.div(one, m.mul(m.sub(one, x), m.add(one, x)))]
      },
    },
    facts: { parity: 'odd', monotone: 'increasing', domain: [{ above: -1, below: 1 }] },
    interval: increasing(Math.atanh, unit),
    sample: [[-0.8, 0.8]],
    kinks: [
      { at: [1], partials: [Infinity], because: steep },
      { at: [-1], partials: [Infinity], because: steep },
    ],
    js: { kind: 'math', name: 'atanh' },
    latex: named('artanh'),
  },
}
