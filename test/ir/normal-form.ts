/** Whether nodes are in normal form: made again of their operands by the constructors, they are the same objects. */
import type { Expr } from '../../src/ir/expr.js'
import type { Graph } from '../../src/ir/graph.js'
import { postorder } from '../../src/ir/walk.js'

export function madeAgain(g: Graph, e: Expr): Expr {
  switch (e.kind) {
    case 'num':
    case 'constant':
    case 'size':
    case 'index':
      return e
    case 'read':
      return g.read(e.def, e.args)
    case 'add':
      return g.addAll([
        g.num(e.constant),
        ...e.terms.map(({ node, coefficient }) => g.scale(coefficient, node)),
      ])
    case 'mul':
      return g.mulAll(e.factors.map(({ base, exponent }) => g.power(base, exponent)))
    case 'apply':
      return g.apply(e.operator, e.args)
    case 'test':
      return e.test === 'ge0' ? g.ge0(e.operand) : g.eq0(e.operand)
    case 'guard':
      return g.guard(e.conditions, e.body)
    case 'stop':
      return g.stop(e.operand)
  }
}

/** The first node below the roots that is not in normal form. */
export const findAbnormal = (g: Graph, roots: readonly Expr[]): Expr | undefined =>
  postorder(roots).find((node) => madeAgain(g, node) !== node)
