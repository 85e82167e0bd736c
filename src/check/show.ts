/** Sizes, subscripts and shapes as the user would write them, for messages. */
import type { Expr, Term } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import type { Rational } from '../ir/rational.js'

/** Longer expressions are not worth reading in a message. */
const LONGEST = 120

export function showExpr(graph: Graph, e: Expr): string {
  const text = show(graph, e, 0)
  return text.length > LONGEST ? '…' : text
}

export function showShape(graph: Graph, shape: readonly Expr[]): string {
  return `[${shape.map((extent) => showExpr(graph, extent)).join(', ')}]`
}

const DEEPEST = 12

function show(graph: Graph, e: Expr, depth: number): string {
  if (depth > DEEPEST) return '…'
  const inner = (operand: Expr): string => show(graph, operand, depth + 1)
  switch (e.kind) {
    case 'num':
      return e.value.toString()
    case 'constant':
    case 'size':
      return e.name
    case 'index':
      return graph.indexNames.get(e) ?? 'i'
    case 'read':
      return e.args.length === 0 ? e.def.name : `${e.def.name}[${e.args.map(inner).join(', ')}]`
    case 'add':
      return showSum(e.constant, e.terms, inner)
    case 'mul':
      return e.factors
        .map(({ base, exponent }) => {
          const text = base.kind === 'add' ? `(${inner(base)})` : inner(base)
          return exponent.isOne ? text : `${text}^${exponent}`
        })
        .join('*')
    case 'apply':
      return `${e.operator === 'idiv' ? 'div' : e.operator}(${e.args.map(inner).join(', ')})`
    case 'test':
      return `${inner(e.operand)} ${e.test === 'ge0' ? '>=' : '=='} 0`
    case 'guard':
      return inner(e.body)
    case 'stop':
      return inner(e.operand)
  }
}

/** Positive terms first, in the order in which their sizes came up: `n - m + 1`. */
function showSum(constant: Rational, terms: readonly Term[], inner: (e: Expr) => string): string {
  const ordered = [...terms].sort(
    (a, b) => Number(a.coefficient.isNegative) - Number(b.coefficient.isNegative) || a.node.id - b.node.id,
  )
  const pieces = ordered.map(({ node, coefficient }) => {
    const size = coefficient.abs()
    const factor = size.isOne ? '' : size.isInteger ? `${size}` : `${size}*`
    const simple = /^[\p{L}_]/u.test(inner(node)) && !inner(node).includes('*')
    return {
      negative: coefficient.isNegative,
      text: `${factor}${factor && !simple && size.isInteger ? '*' : ''}${inner(node)}`,
    }
  })
  if (!constant.isZero) pieces.push({ negative: constant.isNegative, text: constant.abs().toString() })
  if (pieces.length > 1 && pieces[0].negative) {
    const positive = pieces.findIndex((piece) => !piece.negative)
    if (positive > 0) pieces.unshift(...pieces.splice(positive, 1))
  }
  return pieces
    .map(({ negative, text }, at) =>
      at === 0 ? (negative ? `-${text}` : text) : negative ? ` - ${text}` : ` + ${text}`,
    )
    .join('')
}
