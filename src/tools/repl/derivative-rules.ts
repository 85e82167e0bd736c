/** The rules of differentiation as a textbook states them, applied to what was written, one at a time. */
import type { Call, Expression, Reduction } from '../../../grammar/ast.js'
import { printExpression } from '../../../grammar/print-expression.js'
import { isOperatorFunction, OPERATOR_FUNCTIONS } from '../../check/builtin-names.js'
import { boundsOf, namesIn } from '../../check/syntax.js'
import { partials } from '../../ops/apply.js'
import { SIGNATURES, type OperatorName } from '../../ops/signatures.js'
import { shiftedExponent } from './shifted-exponent.js'
import { mentions } from './elementary.js'
import { rebuild, Trees } from './syntax-tree.js'

export interface Applied {
  readonly tree: Expression
  readonly rule: string
}

/** What the derivative of a part is by one rule; undefined where none is known here. */
export const ruleFor = (e: Expression, x: string, trees: Trees): Applied | undefined =>
  new Rules(x, trees).of(e)

const CONSTANT = 'a constant has derivative 0'
const CONDITION = 'a condition is constant between its jumps'

class Rules {
  constructor(
    private readonly x: string,
    private readonly trees: Trees,
  ) {}

  of(e: Expression): Applied | undefined {
    const { trees } = this
    const m = trees.algebra
    if (this.isConstant(e)) return { tree: trees.number(0), rule: CONSTANT }
    switch (e.kind) {
      case 'name':
        return { tree: trees.number(1), rule: `d${this.x}/d${this.x} = 1` }
      case 'unary':
        if (e.operator === 'not') return { tree: trees.number(0), rule: CONDITION }
        return e.operator === '-'
          ? { tree: trees.negative(this.inner(e.operand)), rule: 'constant factor' }
          : this.of(e.operand)
      case 'comparison':
        return { tree: trees.number(0), rule: CONDITION }
      case 'conditional':
        return { tree: m.select(e.condition, this.d(e.consequent), this.d(e.alternate)), rule: 'piece by piece' } // prettier-ignore
      case 'binary':
        return this.binary(e)
      case 'reduction':
        return this.reduction(e)
      case 'call':
        return this.call(e)
      default:
        return undefined
    }
  }

  private readonly isConstant = (e: Expression): boolean => !mentions(e, this.x)

  private isVariable(e: Expression): boolean {
    return e.kind === 'name' && e.name === this.x
  }

  private d(e: Expression): Expression {
    return this.trees.call('d', [e, this.trees.name(this.x)])
  }

  /** The derivative of what a function is taken of, or a factor stands beside: that of the variable is not worth a step. */
  private inner(e: Expression): Expression {
    return this.isVariable(e) ? this.trees.number(1) : this.d(e)
  }

  private along(e: Expression, rule: string): string {
    return this.isVariable(e) ? rule : `chain rule, ${rule}`
  }

  private binary({
    operator,
    left: a,
    right: b,
  }: Extract<Expression, { kind: 'binary' }>): Applied | undefined {
    const { trees } = this
    const m = trees.algebra
    const [isFixedA, isFixedB] = [this.isConstant(a), this.isConstant(b)]
    switch (operator) {
      case '+':
      case '-':
        if (isFixedB) return { tree: this.inner(a), rule: CONSTANT }
        if (isFixedA) return { tree: operator === '+' ? this.inner(b) : trees.negative(this.inner(b)), rule: CONSTANT } // prettier-ignore
        return { tree: trees.binary(operator, this.d(a), this.d(b)), rule: 'sum rule' }
      case '*':
        if (isFixedA) return { tree: m.mul(a, this.inner(b)), rule: 'constant factor' }
        if (isFixedB) return { tree: m.mul(this.inner(a), b), rule: 'constant factor' }
        return { tree: m.add(m.mul(this.d(a), b), m.mul(a, this.d(b))), rule: 'product rule' }
      case '/': {
        if (isFixedB) return { tree: m.div(this.inner(a), b), rule: 'constant factor' }
        const divided = isFixedA && this.dividedByPower(a, b)
        if (divided) return divided
        const square = trees.squared(b)
        if (isFixedA) return { tree: trees.negative(m.div(m.mul(a, this.inner(b)), square)), rule: this.along(b, 'reciprocal rule') } // prettier-ignore
        return { tree: m.div(m.sub(m.mul(this.d(a), b), m.mul(a, this.d(b))), square), rule: 'quotient rule' }
      }
      case '^': {
        const power = trees.binary('^', a, b)
        if (isFixedB) return { tree: m.mul(m.mul(b, m.pow(a, shiftedExponent(b, -1, trees))), this.inner(a)), rule: this.along(a, 'power rule') } // prettier-ignore
        if (isFixedA) return { tree: m.mul(m.mul(power, m.log(a)), this.inner(b)), rule: this.along(b, "(a^u)' = a^u * log(a)") } // prettier-ignore
        return { tree: m.mul(power, this.d(m.mul(b, m.log(a)))), rule: "(u^v)' = u^v * (v * log(u))'" }
      }
      default:
        return undefined
    }
  }

  /** `c / u^n` by the power rule. */
  private dividedByPower(c: Expression, below: Expression): Applied | undefined {
    if (below.kind !== 'binary' || below.operator !== '^' || !this.isConstant(below.right)) return undefined
    const { trees } = this
    const m = trees.algebra
    const { left: base, right: power } = below
    const above = m.mul(m.mul(power, c), this.inner(base))
    const raised = shiftedExponent(power, 1, trees)
    return { tree: trees.negative(m.div(above, m.pow(base, raised))), rule: this.along(base, 'power rule') }
  }

  /** Sums are taken term by term. */
  private reduction(e: Reduction): Applied | undefined {
    const isPlain = e.binders.every((binder) => boundsOf(binder).every(this.isConstant) && binder.name.name !== this.x) // prettier-ignore
    if (!isPlain || (e.reduction !== 'sum' && e.reduction !== 'mean')) return undefined
    return { tree: { ...e, body: this.d(e.body) }, rule: 'sum rule, term by term' }
  }

  private call(e: Call): Applied | undefined {
    if (e.callee.kind !== 'name' || e.arguments.some(({ name }) => name)) return undefined
    const { trees } = this
    const { name } = e.callee
    const args = e.arguments.map(({ value }) => value)
    if ((name === 'max' || name === 'min') && args.length > 1)
      return this.extremum(name, args.length > 2 ? [trees.call(name, args.slice(0, -1)), ...args.slice(-1)] : args) // prettier-ignore
    const operator: OperatorName | undefined = isOperatorFunction(name) ? OPERATOR_FUNCTIONS[name] : undefined
    if (operator === undefined || SIGNATURES[operator] !== args.length) return undefined
    const slopes = partials(operator, trees.algebra, args, e)?.map(plainly)
    if (!slopes) return { tree: trees.number(0), rule: `${name} is constant between its jumps` }
    const moving = args.flatMap((arg, at) => (this.isConstant(arg) ? [] : [at]))
    const tree = moving
      .map((at) => trees.times(slopes[at], this.inner(args[at])))
      .reduce((sum, term) => trees.algebra.add(sum, term))
    const known = moving.map((at) => slopeInWords(name, operator, at, trees)).join(', ')
    return { tree, rule: moving.every((at) => this.isVariable(args[at])) ? known : `chain rule, ${known}` }
  }

  /** A number wins the tie, as the table of the compiler has it; others share it. */
  private extremum(name: 'max' | 'min', [a, b]: readonly Expression[]): Applied | undefined {
    const { trees } = this
    const m = trees.algebra
    const zero = trees.number(0)
    const takes = (one: Expression, other: Expression): Expression =>
      name === 'max' ? m.gt(one, other) : m.lt(one, other)
    const slope = (e: Expression): Expression => (this.isConstant(e) ? zero : this.inner(e))
    const rule = `the ${name === 'max' ? 'larger' : 'smaller'} one`
    if (isNumber(a)) return { tree: m.select(takes(b, a), slope(b), zero), rule }
    if (isNumber(b)) return { tree: m.select(takes(a, b), slope(a), zero), rule }
    const half = m.div(m.add(slope(a), slope(b)), m.number(2))
    return {
      tree: m.select(takes(a, b), slope(a), m.select(takes(b, a), slope(b), half)),
      rule: `${rule}, shared at a tie`,
    }
  }
}

const isNumber = (e: Expression): boolean => [...namesIn([e])].every((name) => /^(?:pi|π|inf|∞)$/.test(name))

const LETTERS = ['u', 'v', 'w']

/** `sin'(u) = cos(u)`, and of a function of several numbers `∂atan2(u, v)/∂v = …`. */
function slopeInWords(name: string, operator: OperatorName, at: number, trees: Trees): string {
  const letters = LETTERS.slice(0, SIGNATURES[operator]).map((letter) => trees.name(letter))
  const slopes = partials(operator, trees.algebra, letters, trees.call(name, letters))
  if (!slopes || letters.length < SIGNATURES[operator]) return name
  const slope = printExpression(plainly(slopes[at]))
  return letters.length === 1 ? `${name}'(u) = ${slope}` : `∂${name}(${LETTERS.slice(0, letters.length).join(', ')})/∂${LETTERS[at]} = ${slope}` // prettier-ignore
}

/** Without the value decided on where the formula has none, with squares as such, and `1 - u²` for its factors. */
function plainly(slope: Expression): Expression {
  return rebuild(slope, (e) => {
    const trees = new Trees(e.span)
    if (e.kind === 'conditional' && isValue(e.consequent, 0) && isEqualToZero(e.condition)) return e.alternate
    if (e.kind === 'unary' && e.operator === '-') return trees.negative(e.operand)
    if (e.kind !== 'binary' || e.operator !== '*') return e
    const { left, right } = e
    if (printExpression(left) === printExpression(right)) return trees.squared(left)
    if (left.kind === 'unary' && printExpression(left.operand) === printExpression(right))
      return trees.negative(trees.squared(right))
    const isDifference = left.kind === 'binary' && right.kind === 'binary' && left.operator === '-' && right.operator === '+' // prettier-ignore
    if (!isDifference || !isValue(left.left, 1) || !isValue(right.left, 1)) return e
    if (printExpression(left.right) !== printExpression(right.right)) return e
    return trees.algebra.sub(left.left, trees.squared(left.right))
  })
}

const isValue = (e: Expression, value: number): boolean => e.kind === 'number' && Number(e.text) === value

const isEqualToZero = (e: Expression): boolean =>
  e.kind === 'comparison' && e.operators.length === 1 && e.operators[0] === '==' && isValue(e.operands[1], 0)
