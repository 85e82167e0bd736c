/**
 * The order in which commutative operands are printed. The order kept in nodes follows from identity numbers of one graph;
 * printed text must not, or a program read back would print differently. So each node gets a standing that
 * depends on names and structure alone, and that puts `x^2 + 3x + 1` and `x[s, k] * W[k, j]` as people write them.
 */
import type { Add, Def, Expr, Factor, Index, Mul, Size, Term } from './expr.js'
import { hashText, mix } from './interning.js'
import { conjuncts } from './normal/condition.js'
import type { Rational } from './rational.js'
import { operandsOf, postorder } from './walk.js'

/** What things are called in one scope. */
export interface Names {
  index(index: Index): string
  /** The place of an index among those in scope: row indices before column indices before summed ones. */
  position(index: Index): number
  size(size: Size): string
  definition(def: Def): string
}

interface Standing {
  /** The beginning of a rough text. */
  readonly sketch: string
  readonly hash: number
  /** As of a polynomial in indices, sizes and reads. */
  readonly degree: number
  /** The first index in scope order; infinite without one. */
  readonly first: number
}

const SKETCH_LENGTH = 40
const SKETCHED_OPERANDS = 6

/** Sines, cosines and tangents stand together, in this order. */
const PLACES: ReadonlyMap<string, string> = new Map([
  ['sin', 'cos'],
  ['cos', 'cos~'],
  ['tan', 'cos~~'],
  ['sinh', 'cosh'],
  ['cosh', 'cosh~'],
  ['tanh', 'cosh~~'],
  ['asin', 'acos'],
  ['acos', 'acos~'],
  ['atan', 'acos~~'],
])

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** A lifted reduction has no name of its own: people see it in place. */
export const isAnonymous = (def: Def): boolean =>
  def.kind === 'computed' && def.auto && def.reduction !== undefined && def.name === def.reduction.kind

export class OperandOrder {
  private readonly standings = new Map<Expr, Standing>()
  private readonly sorted = new Map<Expr, readonly Expr[]>()

  constructor(private readonly names: Names) {}

  /** Terms: positive before negative, high degree before low. */
  terms(e: Add): readonly Term[] {
    return e.terms.toSorted(
      (a, b) =>
        Number(a.coefficient.isNegative) - Number(b.coefficient.isNegative) ||
        this.byDegree(a.node, b.node) ||
        a.coefficient.compare(b.coefficient),
    )
  }

  /** The terms of an equation `Σ = 0`, whose sign is arbitrary: the first is made positive. */
  equation(e: Add): { readonly terms: readonly Term[]; readonly constant: Rational } {
    const terms = e.terms.toSorted((a, b) => this.byDegree(a.node, b.node))
    if (!terms[0].coefficient.isNegative) return { terms, constant: e.constant }
    const negated = terms.map(({ node, coefficient }) => ({ node, coefficient: coefficient.negate() }))
    return { terms: negated, constant: e.constant.negate() }
  }

  factors(e: Mul): readonly Factor[] {
    return e.factors.toSorted(
      (a, b) =>
        factorClass(a.base) - factorClass(b.base) ||
        this.byPlace(a.base, b.base) ||
        a.exponent.compare(b.exponent),
    )
  }

  conditions(conditions: readonly Expr[]): readonly Expr[] {
    return conditions.toSorted((a, b) => this.byPlace(a, b))
  }

  /** All nodes below the roots, operands first, visited in the order of printing. */
  walk(roots: readonly Expr[]): Expr[] {
    for (const node of postorder(roots, (e) => !this.standings.has(e)))
      this.standings.set(node, this.standingOf(node))
    const order: Expr[] = []
    const seen = new Set<Expr>()
    const stack: { readonly node: Expr; readonly operands: readonly Expr[]; next: number }[] = []
    for (const root of roots) {
      if (seen.has(root)) continue
      seen.add(root)
      stack.push({ node: root, operands: this.operands(root), next: 0 })
      while (stack.length > 0) {
        const frame = stack[stack.length - 1]
        if (frame.next === frame.operands.length) {
          order.push(frame.node)
          stack.pop()
          continue
        }
        const operand = frame.operands[frame.next++]
        if (seen.has(operand)) continue
        seen.add(operand)
        stack.push({ node: operand, operands: this.operands(operand), next: 0 })
      }
    }
    return order
  }

  /** The operands as they appear in the text; an equation shows the terms of its operand on two sides. */
  operands(e: Expr): readonly Expr[] {
    const present = this.sorted.get(e)
    if (present) return present
    const sorted = this.sort(e)
    this.sorted.set(e, sorted)
    return sorted
  }

  private sort(e: Expr): readonly Expr[] {
    switch (e.kind) {
      case 'add':
        return this.terms(e).map((term) => term.node)
      case 'mul':
        return this.factors(e).map((factor) => factor.base)
      case 'guard':
        return [...this.conditions(e.conditions), e.body]
      case 'test':
        return e.test === 'eq0' && e.operand.kind === 'add'
          ? this.equation(e.operand).terms.map((term) => term.node)
          : [e.operand]
      case 'apply':
        if (e.operator === 'and') {
          const all = conjuncts(e)
          // So many that they stand together as one: not taken apart.
          return all.includes(e) ? e.args : this.conditions(all)
        }
        return e.operator === 'or' ? this.conditions(e.args) : e.args
      default:
        return operandsOf(e)
    }
  }

  private get(e: Expr): Standing {
    const standing = this.standings.get(e)
    if (!standing) throw new Error(`no standing of a ${e.kind}`)
    return standing
  }

  private byDegree(a: Expr, b: Expr): number {
    return this.get(b).degree - this.get(a).degree || this.byPlace(a, b)
  }

  private byPlace(x: Expr, y: Expr): number {
    const a = this.get(x)
    const b = this.get(y)
    if (a.first !== b.first) return a.first < b.first ? -1 : 1
    return compareText(a.sketch, b.sketch) || a.hash - b.hash
  }

  private standingOf(e: Expr): Standing {
    const operands = this.operands(e).map((operand) => this.get(operand))
    const label = this.label(e)
    let hash = hashText(label, 11)
    for (const operand of operands) hash = mix(hash, operand.hash)
    const shown = operands.slice(0, SKETCHED_OPERANDS).map((operand) => operand.sketch)
    const head = PLACES.get(label) ?? label
    const sketch = operands.length === 0 ? head : `${head}(${shown.join()})`
    const positions = e.free.map((index) => this.names.position(index))
    return {
      sketch: sketch.slice(0, SKETCH_LENGTH),
      hash,
      degree: this.degree(e),
      first: Math.min(Infinity, ...positions),
    }
  }

  /** Everything about a node but its operands. */
  private label(e: Expr): string {
    switch (e.kind) {
      case 'num':
        return e.value.toString()
      case 'constant':
        return e.name
      case 'size':
        return this.names.size(e)
      case 'index':
        return this.names.index(e)
      case 'read':
        return this.names.definition(e.def)
      // Symbols sort before letters: `x` stands before `x^2` only if its degree says so.
      case 'add':
        return `~+${e.constant}${this.terms(e).map((term) => `,${term.coefficient}`).join('')}` // prettier-ignore
      case 'mul':
        return `~*${this.factors(e).map((factor) => `,${factor.exponent}`).join('')}` // prettier-ignore
      case 'apply':
        return e.operator
      case 'test': {
        if (e.test === 'ge0' || e.operand.kind !== 'add') return `~${e.test}`
        const { terms, constant } = this.equation(e.operand)
        return `~eq0 ${constant}${terms.map((term) => `,${term.coefficient}`).join('')}`
      }
      case 'guard':
        return '~if'
      case 'stop':
        return 'stop'
    }
  }

  private degree(e: Expr): number {
    const of = (operand: Expr): number => this.get(operand).degree
    switch (e.kind) {
      case 'num':
      case 'constant':
      case 'test':
        return 0
      case 'size':
      case 'index':
        return 1
      case 'read':
        return isAnonymous(e.def) ? 50 : 1
      case 'add':
        return e.terms.reduce((highest, term) => Math.max(highest, of(term.node)), 0)
      case 'mul':
        return e.factors.reduce((total, { base, exponent }) => total + exponent.toNumber() * of(base), 0)
      case 'apply':
        return 0.75
      case 'guard':
        return of(e.body)
      case 'stop':
        return of(e.operand)
    }
  }
}

/** Numbers, sizes, reads, their powers, exponentials, other functions, sums; what needs parentheses or swallows what follows comes last. */
function factorClass(e: Expr): number {
  switch (e.kind) {
    case 'num':
    case 'constant':
      return 0
    case 'size':
      return 1
    case 'index':
    case 'stop':
      return 2
    case 'read':
      return isAnonymous(e.def) ? 8 : 2
    case 'mul':
      return 4
    case 'add':
      return 5
    case 'apply':
      if (e.operator === 'pow' && factorClass(e.args[0]) === 2) return 2.5
      return e.operator === 'select' ? 7 : e.operator === 'exp' || e.operator === 'pow' ? 3 : 4
    case 'test':
    case 'guard':
      return 7
  }
}
