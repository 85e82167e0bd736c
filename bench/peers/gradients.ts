/** Compiled gradients beside the same gradients written by hand. */
export interface GradientCase {
  readonly name: string
  readonly expression: string
  readonly variables: readonly string[]
  readonly byHand: (...xs: number[]) => number[]
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, k) => k)

function rosenbrock(n: number): GradientCase {
  const variables = upTo(n).map((k) => `x${k}`)
  const terms = upTo(n - 1).map((k) => `100*(x${k + 1} - x${k}^2)^2 + (1 - x${k})^2`)
  return {
    name: `Rosenbrock, ${n} variables`,
    expression: terms.join(' + '),
    variables,
    byHand: n === 2 ? rosenbrockOfTwo : (...xs) => rosenbrockByLoop(xs),
  }
}

function rosenbrockOfTwo(a: number, b: number): number[] {
  const d = b - a * a
  return [-400 * a * d - 2 * (1 - a), 200 * d]
}

function rosenbrockByLoop(x: readonly number[]): number[] {
  const gradient = x.map(() => 0)
  for (let k = 0; k + 1 < x.length; k++) {
    const d = x[k + 1] - x[k] * x[k]
    gradient[k] += -400 * x[k] * d - 2 * (1 - x[k])
    gradient[k + 1] += 200 * d
  }
  return gradient
}

const logistic: GradientCase = {
  name: 'logistic loss, 3 weights',
  expression: 'log(1 + exp(-y*(a*u + b*v + c)))',
  variables: ['a', 'b', 'c', 'u', 'v', 'y'],
  byHand: (a, b, c, u, v, y) => {
    const z = -y * (a * u + b * v + c)
    const p = z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z))
    const s = -y * p
    return [s * u, s * v, s, s * a, s * b, -p * (a * u + b * v + c)]
  },
}

const network: GradientCase = {
  name: 'network 2-3-1, 13 weights',
  expression: '(p1*tanh(w1*u + v1*v + b1) + p2*tanh(w2*u + v2*v + b2) + p3*tanh(w3*u + v3*v + b3) + b - y)^2',
  variables: 'w1 v1 b1 w2 v2 b2 w3 v3 b3 p1 p2 p3 b u v y'.split(' '),
  byHand: (w1, v1, b1, w2, v2, b2, w3, v3, b3, p1, p2, p3, b, u, v, y) => {
    const h1 = Math.tanh(w1 * u + v1 * v + b1)
    const h2 = Math.tanh(w2 * u + v2 * v + b2)
    const h3 = Math.tanh(w3 * u + v3 * v + b3)
    const r = 2 * (p1 * h1 + p2 * h2 + p3 * h3 + b - y)
    const g1 = r * p1 * (1 - h1 * h1)
    const g2 = r * p2 * (1 - h2 * h2)
    const g3 = r * p3 * (1 - h3 * h3)
    const byU = g1 * w1 + g2 * w2 + g3 * w3
    const byV = g1 * v1 + g2 * v2 + g3 * v3
    return [
      g1 * u,
      g1 * v,
      g1,
      g2 * u,
      g2 * v,
      g2,
      g3 * u,
      g3 * v,
      g3,
      r * h1,
      r * h2,
      r * h3,
      r,
      byU,
      byV,
      -r,
    ]
  },
}

export const GRADIENTS: readonly GradientCase[] = [
  rosenbrock(2),
  rosenbrock(10),
  rosenbrock(100),
  logistic,
  network,
]
