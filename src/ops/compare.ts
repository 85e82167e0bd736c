import { hull, isFalse, isTrue, truth } from './interval.js'
import { infix } from './latex.js'
import type { Family, Interval } from './operator.js'
import type { Arguments } from './signatures.js'

type Names = 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne' | 'and' | 'or' | 'not' | 'select'

/** Conditions are constant between their jumps; both truth values are numbers, 0 and 1. */
const condition = { kind: 'zero', because: 'a condition is constant between its jumps' } as const
const facts = { integer: true, total: true } as const
const bit = (holds: boolean): number => (holds ? 1 : 0)

const apart = (a: Interval, b: Interval): boolean => a.high < b.low || b.high < a.low
const same = (a: Interval, b: Interval): boolean => a.low === a.high && b.low === b.high && a.low === b.low

/** Numbers that stand for conditions. */
const truths: Arguments<readonly [number, number], 'and'> = [
  [1, 1],
  [0.3, 1],
]
const numbers: Arguments<readonly [number, number], 'lt'> = [
  [-3, -0.3],
  [0.3, 3],
]

/** A comparison with NaN is false, but for `ne`, and NaN is no condition that holds: all as in JavaScript. */
export const compare: Family<Names> = {
  lt: {
    doc: 'Whether a < b',
    evaluate: (a, b) => bit(a < b),
    derivative: condition,
    facts,
    interval: (a, b) => truth(a.high < b.low, a.low >= b.high),
    sample: numbers,
    kinks: [],
    js: { kind: 'infix', operator: '<' },
    latex: infix('<'),
  },
  le: {
    doc: 'Whether a <= b',
    evaluate: (a, b) => bit(a <= b),
    derivative: condition,
    facts,
    interval: (a, b) => truth(a.high <= b.low, a.low > b.high),
    sample: numbers,
    kinks: [],
    js: { kind: 'infix', operator: '<=' },
    latex: infix('\\le'),
  },
  gt: {
    doc: 'Whether a > b',
    evaluate: (a, b) => bit(a > b),
    derivative: condition,
    facts,
    interval: (a, b) => truth(a.low > b.high, a.high <= b.low),
    sample: numbers,
    kinks: [],
    js: { kind: 'infix', operator: '>' },
    latex: infix('>'),
  },
  ge: {
    doc: 'Whether a >= b',
    evaluate: (a, b) => bit(a >= b),
    derivative: condition,
    facts,
    interval: (a, b) => truth(a.low >= b.high, a.high < b.low),
    sample: numbers,
    kinks: [],
    js: { kind: 'infix', operator: '>=' },
    latex: infix('\\ge'),
  },
  eq: {
    doc: 'Whether a = b',
    evaluate: (a, b) => bit(a === b),
    derivative: condition,
    facts,
    interval: (a, b) => truth(same(a, b), apart(a, b)),
    sample: numbers,
    kinks: [],
    js: { kind: 'infix', operator: '===' },
    latex: infix('='),
  },
  ne: {
    doc: 'Whether a and b differ',
    evaluate: (a, b) => bit(a !== b),
    derivative: condition,
    facts,
    interval: (a, b) => truth(apart(a, b), same(a, b)),
    sample: numbers,
    kinks: [],
    js: { kind: 'infix', operator: '!==' },
    latex: infix('\\ne'),
  },
  and: {
    doc: 'Whether both conditions hold',
    evaluate: (a, b) => bit(Boolean(a) && Boolean(b)),
    derivative: condition,
    facts,
    interval: (a, b) => truth(isTrue(a) && isTrue(b), isFalse(a) || isFalse(b)),
    sample: truths,
    kinks: [],
    js: { kind: 'infix', operator: '&&' },
    latex: infix('\\land'),
  },
  or: {
    doc: 'Whether a condition holds',
    evaluate: (a, b) => bit(Boolean(a) || Boolean(b)),
    derivative: condition,
    facts,
    interval: (a, b) => truth(isTrue(a) || isTrue(b), isFalse(a) && isFalse(b)),
    sample: truths,
    kinks: [],
    js: { kind: 'infix', operator: '||' },
    latex: infix('\\lor'),
  },
  not: {
    doc: 'Whether the condition does not hold',
    evaluate: (a) => bit(!a),
    derivative: condition,
    facts,
    interval: (a) => truth(isFalse(a), isTrue(a)),
    sample: [[0.3, 1]],
    kinks: [],
    js: { kind: 'prefix', operator: '!' },
    latex: (x) => `\\lnot ${x}`,
  },
  select: {
    doc: 'a if the condition holds (is neither 0 nor NaN), else b; the other arm is not looked at',
    evaluate: (c, a, b) => (c ? a : b),
    // Over numbers whose tangents may be infinite or NaN choose the arm's tangent instead: 0 times it is NaN.
    derivative: {
      kind: 'partials',
      of: (m, [c]) => {
        const [zero, one] = [m.number(0), m.number(1)]
        return [zero, m.select(c, one, zero), m.select(c, zero, one)]
      },
    },
    facts: { total: true },
    interval: (c, a, b) => (isTrue(c) ? a : isFalse(c) ? b : hull([a.low, a.high, b.low, b.high])),
    sample: [
      [1, 1],
      [-3, 3],
      [-3, 3],
    ],
    kinks: [
      { at: [1, 2, 3], partials: [0, 1, 0], because: 'the arm that is taken' },
      { at: [0, 2, 3], partials: [0, 0, 1], because: 'the arm that is taken' },
    ],
    js: { kind: 'conditional' },
    latex: (c, a, b) => `\\begin{cases} ${a} & \\text{if } ${c} \\\\ ${b} & \\text{otherwise} \\end{cases}`,
  },
}
