/** Expressions of the sets in the syntax of other systems, spelled out where a system has no function of that name. */
import type { Expression } from '../../grammar/ast.js'
import { parseExpression } from '../../grammar/parse.js'
import { Diagnostics } from '../../src/base/diagnostic.js'

export type MathJson = string | number | readonly MathJson[]

/** What functions are in terms of those that every system has. */
const SPELLED_OUT: Readonly<Record<string, string>> = {
  sigmoid: '1/(1 + exp(-x))',
  softplus: 'log(1 + exp(x))',
  relu: 'max(0, x)',
  log1p: 'log(1 + x)',
  expm1: 'exp(x) - 1',
  hypot: 'sqrt(x^2 + y^2)',
  xlogy: 'x*log(y)',
  clamp: 'min(max(x, y), z)',
  cbrt: 'x^(1/3)',
  erfc: '1 - erf(x)',
  normal_cdf: '(1 + erf(x/sqrt(2)))/2',
  normal_pdf: 'exp(-x^2/2)/sqrt(2pi)',
  log2: 'log(x)/log(2)',
  log10: 'log(x)/log(10)',
}

export function parse(text: string): Expression {
  const diagnostics = new Diagnostics()
  const parsed = parseExpression({ filename: 'expression', text }, diagnostics)
  if (!parsed || diagnostics.hasErrors) throw new Error(`not an expression: ${text}`)
  return parsed
}

/** With the functions that a system lacks spelled out. */
function spelled(
  e: Expression,
  has: ReadonlySet<string>,
  values: ReadonlyMap<string, Expression>,
): Expression {
  const inner = (part: Expression): Expression => spelled(part, has, values)
  switch (e.kind) {
    case 'name':
      return values.get(e.name) ?? e
    case 'unary':
      return { ...e, operand: inner(e.operand) }
    case 'binary':
      return { ...e, left: inner(e.left), right: inner(e.right) }
    case 'comparison':
      return { ...e, operands: e.operands.map(inner) }
    case 'conditional':
      return {
        ...e,
        condition: inner(e.condition),
        consequent: inner(e.consequent),
        alternate: inner(e.alternate),
      }
    case 'call': {
      const args = e.arguments.map((argument) => ({ ...argument, value: inner(argument.value) }))
      const name = nameOf(e.callee)
      if (has.has(name) || !Object.hasOwn(SPELLED_OUT, name)) return { ...e, arguments: args }
      const bound = new Map(args.map(({ value }, at) => ['xyz'[at], value]))
      return spelled(parse(SPELLED_OUT[name]), has, bound)
    }
    default:
      return e
  }
}

const nameOf = (callee: Expression): string => (callee.kind === 'name' ? callee.name : '')

/** As text that computer algebra systems in JavaScript read: `f(x)`, `*`, `^`, `c ? a : b`. */
export function toText(
  text: string,
  has: ReadonlySet<string>,
  rename: Readonly<Record<string, string>> = {},
) {
  const write = (e: Expression): string => {
    switch (e.kind) {
      case 'number':
        return e.text
      case 'name':
        return rename[e.name] ?? e.name
      case 'unary':
        return e.operator === 'not' ? `(not ${write(e.operand)})` : `(${e.operator}${write(e.operand)})`
      case 'binary':
        return `(${write(e.left)} ${e.operator} ${write(e.right)})`
      case 'comparison':
        return `(${write(e.operands[0])} ${e.operators[0]} ${write(e.operands[1])})`
      case 'conditional':
        return `(${write(e.condition)} ? ${write(e.consequent)} : ${write(e.alternate)})`
      case 'call': {
        const name = nameOf(e.callee)
        return `${rename[name] ?? name}(${e.arguments.map(({ value }) => write(value)).join(', ')})`
      }
      default:
        throw new Error(`no ${e.kind} in the sets`)
    }
  }
  return write(spelled(parse(text), has, new Map()))
}

const JSON_OPERATORS: Readonly<Record<string, string>> = {
  '+': 'Add', '-': 'Subtract', '*': 'Multiply', '/': 'Divide', '^': 'Power', and: 'And', or: 'Or',
  '<': 'Less', '<=': 'LessEqual', '>': 'Greater', '>=': 'GreaterEqual', '==': 'Equal', '!=': 'NotEqual',
} // prettier-ignore

const JSON_FUNCTIONS: Readonly<Record<string, string>> = {
  log: 'Ln', exp: 'Exp', sqrt: 'Sqrt', abs: 'Abs', sign: 'Sign', floor: 'Floor', max: 'Max', min: 'Min',
  sin: 'Sin', cos: 'Cos', tan: 'Tan', asin: 'Arcsin', acos: 'Arccos', atan: 'Arctan', atan2: 'Arctan2',
  sinh: 'Sinh', cosh: 'Cosh', tanh: 'Tanh', asinh: 'Arsinh', acosh: 'Arcosh', atanh: 'Artanh',
  erf: 'Erf', lgamma: 'GammaLn', digamma: 'Digamma',
} // prettier-ignore

/** MathJSON. Names of users get a suffix where the system knows a constant of that name. */
export function toMathJson(text: string, rename: Readonly<Record<string, string>>): MathJson {
  const write = (e: Expression): MathJson => {
    switch (e.kind) {
      case 'number':
        return Number(e.text)
      case 'name':
        return e.name === 'pi' ? 'Pi' : (rename[e.name] ?? e.name)
      case 'unary':
        return [e.operator === 'not' ? 'Not' : e.operator === '-' ? 'Negate' : 'Add', write(e.operand)]
      case 'binary':
        return [JSON_OPERATORS[e.operator], write(e.left), write(e.right)]
      case 'comparison':
        return [JSON_OPERATORS[e.operators[0]], ...e.operands.map(write)]
      case 'conditional':
        return ['If', write(e.condition), write(e.consequent), write(e.alternate)]
      case 'call': {
        const name = nameOf(e.callee)
        return [JSON_FUNCTIONS[name] ?? name, ...e.arguments.map(({ value }) => write(value))]
      }
      default:
        throw new Error(`no ${e.kind} in the sets`)
    }
  }
  return write(spelled(parse(text), new Set(), new Map()))
}

const INFIX: Readonly<Record<string, string>> = {
  Add: '+', Subtract: '-', Multiply: '*', Divide: '/', Power: '^', Rational: '/', And: 'and', Or: 'or',
  Less: '<', LessEqual: '<=', Greater: '>', GreaterEqual: '>=', Equal: '==', NotEqual: '!=',
} // prettier-ignore
const NAMES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(JSON_FUNCTIONS).map(([name, json]) => [json, name])),
  Pi: 'pi', ExponentialE: 'EXP1', Half: '0.5', ImaginaryUnit: 'IMAGINARY', Log: 'LOG', Lb: 'log2',
} // prettier-ignore

/** MathJSON as text, for counting and evaluating. */
export function fromMathJson(e: MathJson): string {
  if (typeof e === 'number') return String(e)
  if (typeof e === 'string') return NAMES[e] ?? e
  const [head, ...rest] = e
  const args = rest.map(fromMathJson)
  if (head === 'Negate') return `(-${args[0]})`
  if (head === 'Not') return `(not ${args[0]})`
  if (head === 'Square') return `(${args[0]} ^ 2)`
  if (head === 'Root') return `(${args[0]} ^ (1 / ${args[1]}))`
  if (head === 'If') return `(${args[0]} ? ${args[1]} : ${args[2]})`
  if (head === 'Log') return args.length === 2 ? `(log(${args[0]}) / log(${args[1]}))` : `log10(${args[0]})`
  if (head === 'Power' && rest[0] === 'ExponentialE') return `exp(${args[1]})`
  if (typeof head === 'string' && Object.hasOwn(INFIX, head)) return `(${args.join(` ${INFIX[head]} `)})`
  return `${fromMathJson(head)}(${args.join(', ')})`
}
