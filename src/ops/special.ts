import { between, decreasing, EVERYTHING, hill, increasing, valley } from './interval.js'
import { call, named } from './latex.js'
import type { Algebra, Family, Interval } from './operator.js'
import { erf, erfc, erfcx, erfcx_derivative, log_erfc } from './runtime/erf.js'
import { log_erfc_derivative } from './runtime/log_erfc_derivative.js'
import { exprel } from './runtime/exprel.js'
import { lbeta, lgamma_difference, polygamma_difference } from './runtime/gamma_difference.js'
import { lgamma } from './runtime/lgamma.js'
import { gaussian, normal_cdf, normal_pdf } from './runtime/normal.js'
import { digamma, polygamma } from './runtime/polygamma.js'

type Names =
  | 'erf'
  | 'erfc'
  | 'erfcx'
  | 'erfcx_derivative'
  | 'log_erfc'
  | 'log_erfc_derivative'
  | 'normal_cdf'
  | 'normal_pdf'
  | 'gaussian'
  | 'exprel'
  | 'lgamma'
  | 'digamma'
  | 'polygamma'
  | 'lgamma_difference'
  | 'polygamma_difference'
  | 'lbeta'

/** Where lgamma is smallest for x > 0: the positive root of digamma. */
const LOWEST = 1.4616321449683622

/** 2 / √π. */
function slope<E>(m: Algebra<E>): E {
  return m.div(m.number(2), m.sqrt(m.pi))
}

/** d/dx erf(x). */
function bell<E>(m: Algebra<E>, x: E): E {
  return m.mul(slope(m), m.exp(m.neg(m.mul(x, x))))
}

/** For whole n >= 1 polygamma is monotone on each side of 0, towards 0 on the right. */
function polygammaRange(n: Interval, x: Interval): Interval {
  const order = n.low
  if (order !== n.high || !Number.isInteger(order) || order < 0) return EVERYTHING
  const odd = order % 2 === 1
  if (x.low >= 0) {
    const [atLow, atHigh] = [polygamma(order, Math.abs(x.low)), polygamma(order, x.high)]
    return odd ? between(atHigh, atLow) : between(atLow, atHigh)
  }
  return odd ? { low: 0, high: Infinity } : EVERYTHING
}

/** The derivatives of odd order are negative and rise, those of even order are positive and fall. */
function erfcxRange(n: Interval, x: Interval): Interval {
  const order = n.low
  if (order !== n.high || !Number.isInteger(order) || order < 0) return EVERYTHING
  const [atLow, atHigh] = [erfcx_derivative(order, x.low), erfcx_derivative(order, x.high)]
  return order % 2 === 1 ? between(atLow, atHigh) : between(atHigh, atLow)
}

/** Positive, and rising. */
function exprelRange(n: Interval, x: Interval): Interval {
  const order = n.low
  if (order !== n.high || !Number.isInteger(order) || order < 0) return { low: 0, high: Infinity }
  return between(exprel(order, x.low), exprel(order, x.high))
}

/** The first falls without end from 0, the second from 0 towards -2. */
function logErfcRange(n: Interval, x: Interval): Interval {
  const order = n.low
  if (order !== n.high || (order !== 1 && order !== 2)) return EVERYTHING
  return between(log_erfc_derivative(order, x.high), log_erfc_derivative(order, x.low))
}

export const special: Family<Names> = {
  erf: {
    doc: 'The error function 2/√π ∫ exp(-t²) dt from 0 to x',
    evaluate: erf,
    derivative: { kind: 'partials', of: (m, [x]) => [bell(m, x)] },
    facts: { parity: 'odd', monotone: 'increasing', total: true },
    interval: increasing(erf),
    sample: [[-2, 2]],
    kinks: [],
    js: { kind: 'runtime', name: 'erf' },
    latex: named('erf'),
  },
  erfc: {
    doc: '1 - erf(x), accurate in the right tail',
    evaluate: erfc,
    derivative: { kind: 'partials', of: (m, [x]) => [m.neg(bell(m, x))] },
    facts: { monotone: 'decreasing', total: true, nonzero: true },
    interval: decreasing(erfc),
    sample: [[-2, 3]],
    kinks: [],
    js: { kind: 'runtime', name: 'erfc' },
    latex: named('erfc'),
  },
  erfcx: {
    doc: 'exp(x²) erfc(x), the scaled complement of erf',
    evaluate: erfcx,
    // 2x erfcx(x) - 2/√π, which cancels on the right.
    derivative: { kind: 'partials', of: (m, [x]) => [m.erfcx_derivative(m.number(1), x)] },
    facts: { monotone: 'decreasing', total: true, nonzero: true },
    interval: decreasing(erfcx),
    sample: [[-1, 3]],
    kinks: [],
    js: { kind: 'runtime', name: 'erfcx' },
    latex: named('erfcx'),
  },
  erfcx_derivative: {
    doc: 'erfcx_derivative(n, x): the n-th derivative of erfcx, for whole n up to 200; NaN for others, so n has slope 0',
    evaluate: erfcx_derivative,
    derivative: {
      kind: 'partials',
      of: (m, [n, x]) => [m.number(0), m.erfcx_derivative(m.add(n, m.number(1)), x)],
    },
    facts: {},
    interval: erfcxRange,
    sample: [
      [1, 1],
      [-1, 3],
    ],
    kinks: [],
    js: { kind: 'runtime', name: 'erfcx_derivative' },
    latex: (n, x) => call(`\\mathrm{erfcx}^{(${n})}`)(x),
  },
  log_erfc: {
    doc: 'log(erfc(x)), about -x² in the right tail',
    evaluate: log_erfc,
    // -2/√π exp(-x²) / erfc(x), without 0 / 0 in the right tail.
    derivative: { kind: 'partials', of: (m, [x]) => [m.log_erfc_derivative(m.number(1), x)] },
    facts: { monotone: 'decreasing', total: true },
    interval: decreasing(log_erfc),
    sample: [[-2, 3]],
    kinks: [],
    js: { kind: 'runtime', name: 'log_erfc' },
    latex: (x) => `\\log ${named('erfc')(x)}`,
  },
  log_erfc_derivative: {
    doc: 'log_erfc_derivative(n, x): the n-th derivative of log_erfc, for whole n from 1 to 200; NaN for others, so n has slope 0',
    evaluate: log_erfc_derivative,
    derivative: {
      kind: 'partials',
      of: (m, [n, x]) => [m.number(0), m.log_erfc_derivative(m.add(n, m.number(1)), x)],
    },
    facts: {},
    interval: logErfcRange,
    sample: [
      [1, 1],
      [-1, 3],
    ],
    kinks: [],
    js: { kind: 'runtime', name: 'log_erfc_derivative' },
    latex: (n, x) => `\\bigl(\\log ${named('erfc')(x)}\\bigr)^{(${n})}`,
  },
  normal_cdf: {
    doc: 'The standard normal distribution function, accurate in the left tail',
    evaluate: normal_cdf,
    derivative: { kind: 'partials', of: (m, [x]) => [m.normal_pdf(x)] },
    facts: { monotone: 'increasing', total: true, nonzero: true },
    interval: increasing(normal_cdf),
    sample: [[-3, 3]],
    kinks: [],
    js: { kind: 'runtime', name: 'normal_cdf' },
    latex: call('\\Phi'),
  },
  normal_pdf: {
    doc: 'The standard normal density exp(-x²/2) / √(2π)',
    evaluate: normal_pdf,
    derivative: { kind: 'partials', of: (m, [x], y) => [m.neg(m.mul(x, y))] },
    facts: { parity: 'even', total: true, nonzero: true },
    interval: hill(normal_pdf, 0),
    sample: [[-3, 3]],
    kinks: [],
    js: { kind: 'runtime', name: 'normal_pdf' },
    latex: call('\\varphi'),
  },
  gaussian: {
    doc: 'exp(-x²), accurate in the tails, where the rounding of x² would be amplified by x²',
    evaluate: gaussian,
    derivative: { kind: 'partials', of: (m, [x], y) => [m.mul(m.number(-2), m.mul(x, y))] },
    facts: { parity: 'even', total: true, nonzero: true },
    interval: hill(gaussian, 0),
    sample: [[-3, 3]],
    kinks: [],
    js: { kind: 'runtime', name: 'gaussian' },
    latex: (x) => `e^{-{${x}}^{2}}`,
  },
  exprel: {
    doc: 'exprel(n, x): the n-th derivative of (exp(x) - 1) / x, for whole n up to 200; NaN for others, so n has slope 0',
    evaluate: exprel,
    derivative: {
      kind: 'partials',
      of: (m, [n, x]) => [m.number(0), m.exprel(m.add(n, m.number(1)), x)],
    },
    facts: { nonzero: true },
    interval: exprelRange,
    sample: [
      [1, 1],
      [-3, 3],
    ],
    kinks: [],
    js: { kind: 'runtime', name: 'exprel' },
    latex: (n, x) => call(`\\mathrm{exprel}^{(${n})}`)(x),
  },
  lgamma: {
    doc: 'log |Γ(x)|',
    evaluate: lgamma,
    derivative: { kind: 'partials', of: (m, [x]) => [m.digamma(x)] },
    facts: { domain: [{ above: 0 }] },
    interval: (x) => (x.low >= 0 ? valley(lgamma, LOWEST)(x) : EVERYTHING),
    sample: [[0.4, 5]],
    kinks: [{ at: [0], partials: [-Infinity], because: 'IEEE at the pole' }],
    js: { kind: 'runtime', name: 'lgamma' },
    latex: (x) => `\\log ${call('\\Gamma')(x)}`,
  },
  digamma: {
    doc: 'The derivative of log Γ(x)',
    evaluate: digamma,
    derivative: { kind: 'partials', of: (m, [x]) => [m.polygamma(m.number(1), x)] },
    facts: { domain: [{ above: 0 }] },
    interval: (x) => (x.low >= 0 ? between(digamma(Math.abs(x.low)), digamma(x.high)) : EVERYTHING),
    sample: [[0.4, 5]],
    kinks: [{ at: [0], partials: [Infinity], because: 'IEEE at the pole' }],
    js: { kind: 'runtime', name: 'digamma' },
    latex: call('\\psi'),
  },
  polygamma: {
    doc: 'polygamma(n, x): the n-th derivative of digamma, for whole n; NaN for others, so n has slope 0',
    evaluate: polygamma,
    derivative: {
      kind: 'partials',
      of: (m, [n, x]) => [m.number(0), m.polygamma(m.add(n, m.number(1)), x)],
    },
    facts: { domain: [{}, { above: 0 }] },
    interval: polygammaRange,
    sample: [
      [1, 1],
      [0.4, 5],
    ],
    kinks: [{ at: [1, 0], partials: [0, -Infinity], because: 'IEEE at the pole' }],
    js: { kind: 'runtime', name: 'polygamma' },
    latex: (n, x) => call(`\\psi^{(${n})}`)(x),
  },
  lgamma_difference: {
    doc: 'lgamma(x + y) - lgamma(x), accurate where y is small beside x, and next to x = 1 and x = 2, where lgamma is 0',
    evaluate: lgamma_difference,
    derivative: {
      kind: 'partials',
      of: (m, [x, y]) => [m.polygamma_difference(m.number(0), x, y), m.digamma(m.add(x, y))],
    },
    facts: { domain: [{ above: 0 }, {}] },
    interval: () => EVERYTHING,
    sample: [
      [0.4, 5],
      [0.1, 3],
    ],
    kinks: [],
    js: { kind: 'runtime', name: 'lgamma_difference' },
    latex: (x, y) => `\\log \\frac{\\Gamma(${x} + ${y})}{\\Gamma(${x})}`,
  },
  polygamma_difference: {
    doc: 'polygamma(n, x + y) - polygamma(n, x), accurate where y is small beside x; for whole n, so n has slope 0',
    evaluate: polygamma_difference,
    derivative: {
      kind: 'partials',
      of: (m, [n, x, y]) => {
        const next = m.add(n, m.number(1))
        return [m.number(0), m.polygamma_difference(next, x, y), m.polygamma(next, m.add(x, y))]
      },
    },
    facts: { domain: [{}, { above: 0 }, {}] },
    interval: () => EVERYTHING,
    sample: [
      [1, 1],
      [0.4, 5],
      [0.1, 3],
    ],
    kinks: [],
    js: { kind: 'runtime', name: 'polygamma_difference' },
    latex: (n, x, y) => `\\psi^{(${n})}(${x} + ${y}) - \\psi^{(${n})}(${x})`,
  },
  lbeta: {
    doc: 'log B(x, y) = lgamma(x) + lgamma(y) - lgamma(x + y), accurate where the terms cancel',
    evaluate: lbeta,
    derivative: {
      kind: 'partials',
      of: (m, [x, y]) => [
        m.neg(m.polygamma_difference(m.number(0), x, y)),
        m.neg(m.polygamma_difference(m.number(0), y, x)),
      ],
    },
    facts: { domain: [{ above: 0 }, { above: 0 }] },
    interval: () => EVERYTHING,
    sample: [
      [2, 5],
      [2, 5],
    ],
    kinks: [],
    js: { kind: 'runtime', name: 'lbeta' },
    latex: (x, y) => `\\log \\mathrm{B}(${x}, ${y})`,
  },
}
