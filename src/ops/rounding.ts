import { increasing, quotient, remainder } from './interval.js'
import { fenced, infix, named } from './latex.js'
import type { Derivative, Family } from './operator.js'
import { idiv, mod } from './runtime/arith.js'

type Names = 'sign' | 'floor' | 'ceil' | 'round' | 'trunc' | 'mod' | 'idiv'

const steps: Derivative<'floor'> = { kind: 'zero', because: 'it is constant between its jumps' }
const integers = { monotone: 'increasing', integer: true, total: true } as const

export const rounding: Family<Names> = {
  sign: {
    doc: '1, 0 or -1 as x is positive, zero or negative',
    evaluate: Math.sign,
    derivative: steps,
    facts: { ...integers, parity: 'odd' },
    interval: increasing(Math.sign),
    sample: [[0.3, 3]],
    kinks: [{ at: [0], partials: [0], because: 'no Dirac impulses' }],
    js: { kind: 'math', name: 'sign' },
    latex: named('sign'),
  },
  floor: {
    doc: 'The largest whole number not above x',
    evaluate: Math.floor,
    derivative: steps,
    facts: integers,
    interval: increasing(Math.floor),
    sample: [[1.2, 1.8]],
    kinks: [{ at: [1], partials: [0], because: 'no Dirac impulses' }],
    js: { kind: 'math', name: 'floor' },
    latex: fenced('\\lfloor ', '\\rfloor'),
  },
  ceil: {
    doc: 'The smallest whole number not below x',
    evaluate: Math.ceil,
    derivative: steps,
    facts: integers,
    interval: increasing(Math.ceil),
    sample: [[1.2, 1.8]],
    kinks: [{ at: [1], partials: [0], because: 'no Dirac impulses' }],
    js: { kind: 'math', name: 'ceil' },
    latex: fenced('\\lceil ', '\\rceil'),
  },
  round: {
    doc: 'The nearest whole number, halves towards +∞ as `Math.round`: 2.5 gives 3, -2.5 gives -2',
    evaluate: Math.round,
    derivative: steps,
    facts: integers,
    interval: increasing(Math.round),
    sample: [[0.7, 1.3]],
    kinks: [{ at: [0.5], partials: [0], because: 'no Dirac impulses' }],
    js: { kind: 'math', name: 'round' },
    latex: fenced('\\lfloor ', '\\rceil'),
  },
  trunc: {
    doc: 'x without its fraction',
    evaluate: Math.trunc,
    derivative: steps,
    facts: { ...integers, parity: 'odd' },
    interval: increasing(Math.trunc),
    sample: [[1.2, 1.8]],
    kinks: [{ at: [1], partials: [0], because: 'no Dirac impulses' }],
    js: { kind: 'math', name: 'trunc' },
    latex: named('trunc'),
  },
  mod: {
    doc: 'x - y floor(x / y), with the sign of y',
    evaluate: mod,
    derivative: { kind: 'partials', of: (m, [x, y]) => [m.number(1), m.neg(m.idiv(x, y))] },
    facts: { domain: [{}, { nonzero: true }], integer: 'if arguments' },
    interval: remainder,
    sample: [
      [4.2, 4.6],
      [1.6, 1.9],
    ],
    kinks: [{ at: [3, 1], partials: [1, -3], because: 'the limit from the right at a jump' }],
    js: { kind: 'runtime', name: 'mod' },
    latex: infix('\\bmod'),
  },
  idiv: {
    doc: 'floor(x / y), of the quotient rounded to binary64',
    evaluate: idiv,
    derivative: { kind: 'zero', because: 'it is constant between its jumps' },
    facts: { integer: true, domain: [{}, { nonzero: true }] },
    interval: (x, y) => increasing(Math.floor)(quotient(x, y)),
    sample: [
      [4.2, 4.6],
      [1.6, 1.9],
    ],
    kinks: [{ at: [3, 1], partials: [0, 0], because: 'no Dirac impulses' }],
    js: { kind: 'runtime', name: 'idiv' },
    latex: (x, y) => fenced('\\lfloor ', '\\rfloor')(`\\frac{${x}}{${y}}`),
  },
}
