import { decreasing, increasing, inside, product } from './interval.js'
import { call, named } from './latex.js'
import type { Family } from './operator.js'
import { log1mexp, log_sigmoid, logit, sigmoid, softplus, xlogy } from './runtime/logistic.js'

type Names =
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'log2'
  | 'log10'
  | 'xlogy'
  | 'sigmoid'
  | 'logit'
  | 'softplus'
  | 'log_sigmoid'
  | 'log1mexp'

const positive = { low: 0, high: Infinity }
const growing = { monotone: 'increasing', total: true } as const
const pole = 'IEEE at the pole'

export const explog: Family<Names> = {
  exp: {
    doc: 'The exponential function',
    evaluate: Math.exp,
    derivative: { kind: 'partials', of: (_m, _x, y) => [y] },
    facts: { ...growing, nonzero: true },
    interval: increasing(Math.exp),
    sample: [[-3, 3]],
    kinks: [],
    js: { kind: 'math', name: 'exp' },
    latex: (x) => `e^{${x}}`,
  },
  expm1: {
    doc: 'exp(x) - 1, accurate around 0',
    evaluate: Math.expm1,
    // Not y + 1, which cancels in the left tail.
    derivative: { kind: 'partials', of: (m, [x]) => [m.exp(x)] },
    facts: growing,
    interval: increasing(Math.expm1),
    sample: [[-3, 3]],
    kinks: [],
    js: { kind: 'math', name: 'expm1' },
    latex: (x) => `e^{${x}} - 1`,
  },
  log: {
    doc: 'The natural logarithm',
    evaluate: Math.log,
    derivative: { kind: 'partials', of: (m, [x]) => [m.div(m.number(1), x)] },
    facts: { monotone: 'increasing', domain: [{ above: 0 }] },
    interval: increasing(Math.log, positive),
    sample: [[0.2, 5]],
    kinks: [{ at: [0], partials: [Infinity], because: pole }],
    js: { kind: 'math', name: 'log' },
    latex: call('\\log'),
  },
  log1p: {
    doc: 'log(1 + x), accurate around 0',
    evaluate: Math.log1p,
    derivative: { kind: 'partials', of: (m, [x]) => [m.div(m.number(1), m.add(m.number(1), x))] },
    facts: { monotone: 'increasing', domain: [{ above: -1 }] },
    interval: increasing(Math.log1p, { low: -1, high: Infinity }),
    sample: [[-0.7, 3]],
    kinks: [{ at: [-1], partials: [Infinity], because: pole }],
    js: { kind: 'math', name: 'log1p' },
    latex: (x) => call('\\log')(`1 + ${x}`),
  },
  log2: {
    doc: 'The logarithm to base 2',
    evaluate: Math.log2,
    derivative: {
      kind: 'partials',
      of: (m, [x]) => [m.div(m.number(1), m.mul(x, m.log(m.number(2))))],
    },
    facts: { monotone: 'increasing', domain: [{ above: 0 }] },
    interval: increasing(Math.log2, positive),
    sample: [[0.2, 5]],
    kinks: [{ at: [0], partials: [Infinity], because: pole }],
    js: { kind: 'math', name: 'log2' },
    latex: call('\\log_{2}'),
  },
  log10: {
    doc: 'The logarithm to base 10',
    evaluate: Math.log10,
    derivative: {
      kind: 'partials',
      of: (m, [x]) => [m.div(m.number(1), m.mul(x, m.log(m.number(10))))],
    },
    facts: { monotone: 'increasing', domain: [{ above: 0 }] },
    interval: increasing(Math.log10, positive),
    sample: [[0.2, 5]],
    kinks: [{ at: [0], partials: [Infinity], because: pole }],
    js: { kind: 'math', name: 'log10' },
    latex: call('\\log_{10}'),
  },
  xlogy: {
    doc: 'x log(y), which is 0 at x = 0',
    evaluate: xlogy,
    derivative: {
      kind: 'partials',
      of: (m, [x, y]) => {
        const zero = m.number(0)
        const bothZero = m.and(m.eq(x, zero), m.eq(y, zero))
        return [m.log(y), m.select(bothZero, zero, m.div(x, y))]
      },
    },
    facts: { domain: [{}, { above: 0 }] },
    interval: (x, y) => product(x, increasing(Math.log)(inside(y, positive) ?? positive)),
    sample: [
      [-3, 3],
      [0.3, 3],
    ],
    kinks: [
      { at: [0, 0], partials: [-Infinity, 0], because: '0 / 0 is 0 here, as the value is' },
      { at: [0, 2], partials: [Math.LN2, 0], because: 'log(y) times zero' },
      { at: [1, 0], partials: [-Infinity, Infinity], because: pole },
    ],
    js: { kind: 'runtime', name: 'xlogy' },
    latex: (x, y) => `${x} ${call('\\log')(y)}`,
  },
  sigmoid: {
    doc: '1 / (1 + exp(-x)), accurate in both tails',
    evaluate: sigmoid,
    derivative: { kind: 'partials', of: (m, _, y) => [m.mul(y, m.sub(m.number(1), y))] },
    facts: { ...growing, nonzero: true },
    interval: increasing(sigmoid),
    sample: [[-4, 4]],
    kinks: [],
    js: { kind: 'runtime', name: 'sigmoid' },
    latex: call('\\sigma'),
  },
  logit: {
    doc: 'log(p / (1 - p)), accurate around 1/2',
    evaluate: logit,
    derivative: {
      kind: 'partials',
      of: (m, [p]) => [m.div(m.number(1), m.mul(p, m.sub(m.number(1), p)))],
    },
    facts: { monotone: 'increasing', domain: [{ above: 0, below: 1 }] },
    interval: increasing(logit, { low: 0, high: 1 }),
    sample: [[0.1, 0.9]],
    kinks: [
      { at: [0], partials: [Infinity], because: pole },
      { at: [1], partials: [Infinity], because: pole },
    ],
    js: { kind: 'runtime', name: 'logit' },
    latex: named('logit'),
  },
  softplus: {
    doc: 'log(1 + exp(x)) without overflow',
    evaluate: softplus,
    derivative: { kind: 'partials', of: (m, [x]) => [m.sigmoid(x)] },
    facts: { ...growing, nonzero: true },
    interval: increasing(softplus),
    sample: [[-4, 4]],
    kinks: [],
    js: { kind: 'runtime', name: 'softplus' },
    latex: (x) => call('\\log')(`1 + e^{${x}}`),
  },
  log_sigmoid: {
    doc: 'log(sigmoid(x)) = -softplus(-x)',
    evaluate: log_sigmoid,
    derivative: { kind: 'partials', of: (m, [x]) => [m.sigmoid(m.neg(x))] },
    facts: growing,
    interval: increasing(log_sigmoid),
    sample: [[-4, 4]],
    kinks: [],
    js: { kind: 'runtime', name: 'log_sigmoid' },
    latex: (x) => `\\log ${call('\\sigma')(x)}`,
  },
  log1mexp: {
    doc: 'log(1 - exp(x)) for x < 0',
    evaluate: log1mexp,
    // -exp(x) / (1 - exp(x)) without its cancellation near 0.
    derivative: { kind: 'partials', of: (m, [x]) => [m.div(m.exp(x), m.expm1(x))] },
    facts: { monotone: 'decreasing', domain: [{ below: 0 }] },
    interval: decreasing(log1mexp, { low: -Infinity, high: 0 }),
    sample: [[-4, -0.2]],
    kinks: [],
    js: { kind: 'runtime', name: 'log1mexp' },
    latex: (x) => call('\\log')(`1 - e^{${x}}`),
  },
}
