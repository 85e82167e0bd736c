/** Expressions as straight-line JavaScript: one statement per shared node, loops for reductions. */
import type { ComputedDef, Def, Expr, Index, InputDef } from '../ir/expr.js'
import type { Rational } from '../ir/rational.js'
import { operandsOf, postorder } from '../ir/walk.js'
import { OPERATORS } from '../ops/table.js'

export interface Code {
  /** Declarations that stand before the statements: tables and reductions. */
  readonly declarations: readonly string[]
  /** `name = value`, in the order of evaluation. */
  readonly statements: readonly { readonly name: string; readonly value: string }[]
  readonly results: readonly string[]
  /** The runtime functions that are called. */
  readonly runtime: ReadonlySet<string>
}

/** Longer texts get a variable of their own. */
const INLINE = 72
/** So do deeper ones: engines overflow on nested parentheses. */
const DEEPEST = 24

interface Text {
  readonly text: string
  /** A boolean; as a number it is 1 or 0. */
  readonly condition: boolean
  /** Needs no parentheses as an operand. */
  readonly atomic: boolean
  readonly depth: number
}

const plain = (text: string): Text => ({ text, condition: false, atomic: true, depth: 0 })

export function generateCode(roots: readonly Expr[], inputs: ReadonlyMap<InputDef, string>): Code {
  return new Generator(inputs).generate(roots)
}

class Generator {
  private readonly declarations: string[] = []
  private readonly runtime = new Set<string>()
  private readonly functions = new Map<Def, string>()
  private count = 0
  /** Derivatives of tanh are computed too, by exponentials that tanh can use. */
  private hasSlopes = false

  constructor(private readonly inputs: ReadonlyMap<InputDef, string>) {}

  generate(roots: readonly Expr[]): Code {
    const statements: { name: string; value: string }[] = []
    const texts = this.block(roots, new Map(), (name, value) => statements.push({ name, value }))
    const results = roots.map((root) => numeric(texts.get(root)))
    return { declarations: this.declarations, statements, results, runtime: this.runtime }
  }

  /** Texts of the nodes below the roots; those of `given` have theirs. Long or shared ones become statements, if there is a place for them. */
  private block(
    roots: readonly Expr[],
    given: ReadonlyMap<Expr, Text>,
    emit: ((name: string, value: string) => void) | undefined,
  ): Map<Expr, Text> {
    const texts = new Map(given)
    const uses = new Map<Expr, number>()
    const use = (e: Expr): void => {
      const value = e.kind === 'stop' ? e.operand : e
      uses.set(value, (uses.get(value) ?? 0) + 1)
    }
    const order = postorder(roots, (e) => !texts.has(e))
    this.hasSlopes ||= order.some(isPartOfSlope)
    roots.forEach(use)
    for (const node of order) {
      if (node.kind === 'stop') continue
      operandsOf(node).forEach(use)
      // A power is a product of its base with itself: the base needs a name.
      if (node.kind === 'mul')
        for (const { base, exponent } of node.factors) if (exponent.abs().n > 1n) use(base)
    }
    for (const node of order) {
      if (texts.has(node)) continue
      const text = this.compose(node, (e) => texts.get(e) ?? plain('NaN'))
      const shared = (uses.get(node) ?? 0) > 1 && operandsOf(node).length > 0 && node.kind !== 'stop'
      if (!emit || (!shared && text.text.length <= INLINE && text.depth < DEEPEST)) {
        texts.set(node, text)
        continue
      }
      const name = `t${++this.count}`
      emit(name, text.text)
      texts.set(node, { ...plain(name), condition: text.condition })
    }
    return texts
  }

  private compose(e: Expr, at: (e: Expr) => Text): Text {
    const operands = operandsOf(e).map(at)
    const depth = operands.reduce((deepest, operand) => Math.max(deepest, operand.depth), 0) + 1
    const made = (text: string, condition = false): Text => ({ text, condition, atomic: false, depth })
    const called = (text: string): Text => ({ text, condition: false, atomic: true, depth })
    switch (e.kind) {
      case 'num':
        return numberText(e.value)
      case 'constant':
        return plain({ pi: 'Math.PI', inf: 'Infinity', nan: 'NaN' }[e.name])
      case 'size':
      case 'index':
        throw new Error(`${e.kind} without a value`)
      case 'read': {
        const { def } = e
        if (def.kind === 'input') return plain(this.inputs.get(def) ?? 'NaN')
        return called(`${this.functionOf(def)}(${operands.map(numeric).join(', ')})`)
      }
      case 'add': {
        let text = ''
        for (const [position, { coefficient }] of e.terms.entries()) {
          const term = scaledText(coefficient.abs(), operands[position])
          if (position === 0) text = coefficient.isNegative ? `-${term}` : term
          else text += (coefficient.isNegative ? ' - ' : ' + ') + term
        }
        if (e.constant.isZero) return made(text)
        const constant = numberText(e.constant.abs()).text
        if (e.constant.isNegative) return made(`${text} - ${constant}`)
        return made(e.terms[0].coefficient.isNegative ? `${constant} ${text.replace(/^-/, '- ')}` : `${text} + ${constant}`) // prettier-ignore
      }
      case 'mul': {
        const above: string[] = []
        const below: string[] = []
        for (const [position, { exponent }] of e.factors.entries()) {
          const text = powerText(operands[position], exponent.abs())
          if (exponent.isNegative) below.push(text)
          else above.push(text)
        }
        const numerator = above.length === 0 ? '1' : [bare(above[0]), ...above.slice(1)].join(' * ')
        if (below.length === 0) return made(numerator)
        return made(`${numerator} / ${below.length === 1 && isAtomic(below[0]) ? below[0] : `(${below.join(' * ')})`}`) // prettier-ignore
      }
      case 'apply':
        return this.apply(e.operator, operands, made, called)
      case 'test':
        return made(`${operand(operands[0])} ${e.test === 'ge0' ? '>= 0' : '=== 0'}`, true)
      case 'guard': {
        const conditions = operands.slice(0, -1).map(condition).join(' && ')
        return made(`${conditions} ? ${numeric(operands[operands.length - 1])} : 0`)
      }
      case 'stop':
        return operands[0]
    }
  }

  private apply(
    operator: Extract<Expr, { kind: 'apply' }>['operator'],
    operands: readonly Text[],
    made: (text: string, condition?: boolean) => Text,
    called: (text: string) => Text,
  ): Text {
    const { js } = OPERATORS[operator]
    switch (js.kind) {
      case 'prefix':
        return js.operator === '!'
          ? made(`!${condition(operands[0])}`, true)
          : made(`-${operand(operands[0])}`)
      case 'infix': {
        const logical = js.operator === '&&' || js.operator === '||'
        const [left, right] = operands.map(logical ? condition : operand)
        return made(`${left} ${js.operator} ${right}`, true)
      }
      case 'conditional': {
        const [test, yes, no] = operands
        return made(`${condition(test)} ? ${operand(yes)} : ${operand(no)}`)
      }
      case 'math':
        if (operator === 'tanh' && this.hasSlopes) {
          this.runtime.add('tanhByExp')
          return called(`tanhByExp(${operands.map(numeric).join(', ')})`)
        }
        return called(`Math.${js.name}(${operands.map(numeric).join(', ')})`)
      case 'runtime':
        this.runtime.add(js.name)
        return called(`${js.name}(${operands.map(numeric).join(', ')})`)
    }
  }

  private functionOf(def: Def): string {
    const present = this.functions.get(def)
    if (present) return present
    const name = `f${this.functions.size + 1}`
    this.functions.set(def, name)
    if (def.kind === 'table') {
      const at = def.idx.map((index, axis) => ({ name: `i${axis}`, extent: numeric(this.extent(index)) }))
      const position = at.reduce((text, axis) => (text ? `(${text}) * ${axis.extent} + ${axis.name}` : axis.name), '') // prettier-ignore
      const values = def.values.map((value) => String(value)).join(', ')
      this.declarations.push(`const ${name} = (${at.map((axis) => axis.name).join(', ')}) => [${values}][${position || 0}];`) // prettier-ignore
    } else if (def.kind === 'computed') this.declarations.push(this.definition(name, def))
    else throw new Error(`'${def.name}' has no value in an expression`)
    return name
  }

  private extent(index: Index): Text {
    return this.block([index.extent], new Map(), undefined).get(index.extent) ?? plain('NaN')
  }

  private definition(name: string, def: ComputedDef): string {
    const { body, reduction } = def
    if (!body) throw new Error(`'${def.name}' has no body`)
    const lines: string[] = []
    const parameters = def.idx.map((index, axis): [Expr, Text] => [index, plain(`i${axis}`)])
    const emit = (variable: string, value: string): void => void lines.push(`const ${variable} = ${value};`)
    if (def.nominal) {
      // One expression: the arm that is not taken would read on for ever.
      const texts = this.block([body], new Map(parameters), undefined)
      const key = def.idx.map((_, axis) => `\${i${axis}}`).join()
      this.declarations.push(`const ${name}_known = new Map();`)
      lines.push(`const key = \`${key}\`;`)
      lines.push(`if (!${name}_known.has(key)) ${name}_known.set(key, ${numeric(texts.get(body))});`)
      lines.push(`return ${name}_known.get(key);`)
    } else if (!reduction) {
      const texts = this.block([body], new Map(parameters), emit)
      lines.push(`return ${numeric(texts.get(body))};`)
    } else {
      const bound = reduction.idx.map((index, axis): [Expr, Text] => [index, plain(`k${axis}`)])
      const extents = reduction.idx.map((index) => numeric(this.extent(index)))
      lines.push('const entries = [];', 'const positions = [];', 'let position = -1;')
      for (const [axis, extent] of extents.entries())
        lines.push(`for (let k${axis} = 0; k${axis} < ${extent}; k${axis}++) {`)
      lines.push('position++;')
      const scope = new Map([...parameters, ...bound])
      const filters = this.block(reduction.filter, scope, emit)
      for (const filter of reduction.filter)
        lines.push(`if (!(${condition(filters.get(filter) ?? plain('NaN'))})) continue;`)
      const texts = this.block([body], scope, emit)
      lines.push(`entries.push(${numeric(texts.get(body))});`, 'positions.push(position);')
      lines.push(...extents.map(() => '}'))
      lines.push(...REDUCTIONS[reduction.kind])
    }
    const params = def.idx.map((_, axis) => `i${axis}`).join(', ')
    return `const ${name} = (${params}) => {\n${lines.map((line) => `  ${line}`).join('\n')}\n};`
  }
}

/** What a function of a reduction returns, from its entries and their positions. */
const REDUCTIONS: Readonly<Record<NonNullable<ComputedDef['reduction']>['kind'], readonly string[]>> = {
  sum: ['return entries.reduce((total, entry) => total + entry, 0);'],
  prod: ['return entries.reduce((product, entry) => product * entry, 1);'],
  max: ['return entries.reduce((best, entry) => Math.max(best, entry), -Infinity);'],
  min: ['return entries.reduce((best, entry) => Math.min(best, entry), Infinity);'],
  argmax: [
    'const best = entries.reduce((best, entry) => Math.max(best, entry), -Infinity);',
    'return positions[entries.indexOf(best)] ?? 0;',
  ],
  argmin: [
    'const best = entries.reduce((best, entry) => Math.min(best, entry), Infinity);',
    'return positions[entries.indexOf(best)] ?? 0;',
  ],
  logsumexp: [
    'const largest = entries.reduce((best, entry) => Math.max(best, entry), -Infinity);',
    'if (!Number.isFinite(largest)) return largest;',
    'const total = entries.reduce((total, entry) => total + Math.exp(entry - largest), 0);',
    'return largest + Math.log(total);',
  ],
}

/** `e^-(2|x|)`, as the derivative of tanh has it where tanh is near 1. */
const isPartOfSlope = (e: Expr): boolean =>
  e.kind === 'apply' &&
  e.operator === 'exp' &&
  e.args[0].kind === 'add' &&
  e.args[0].terms[0].node.kind === 'stop'

const isAtomic = (text: string): boolean => /^[\w.]+(?:\([^()]*\))?$/.test(text) || bare(text) !== text

/** `x * x` of `(x * x)`. */
const bare = (text: string): string => text.replace(/^\(([\w.]+(?: \* [\w.]+)+)\)$/, '$1')

/** As a number, at the loosest level. */
function numeric(text: Text | undefined): string {
  if (!text) return 'NaN'
  return text.condition ? `(${text.text}) ? 1 : 0` : text.text
}

/** As a number, as an operand. */
function operand(text: Text): string {
  if (text.condition) return `((${text.text}) ? 1 : 0)`
  return text.atomic ? text.text : `(${text.text})`
}

/** As a condition, as an operand. */
const condition = (text: Text): string => (text.atomic ? text.text : `(${text.text})`)

function numberText(value: Rational): Text {
  const number = value.toNumber()
  const text = String(number)
  return { text, condition: false, atomic: !text.startsWith('-'), depth: 0 }
}

/** `coefficient · x`: a reciprocal divides, which rounds once. */
function scaledText(coefficient: Rational, x: Text): string {
  if (coefficient.isOne) return operand(x)
  if (coefficient.n === 1n) return `${operand(x)} / ${coefficient.d}`
  return `${numberText(coefficient).text} * ${operand(x)}`
}

/** `x ^ exponent` for a positive exponent. */
function powerText(x: Text, exponent: Rational): string {
  const base = operand(x)
  if (exponent.isOne) return base
  const root = `Math.sqrt(${numeric(x)})`
  if (exponent.d === 2n && exponent.n === 1n) return root
  const short = /^[\w.]+$/.test(base)
  if (exponent.d === 2n && exponent.n === 3n && short) return `(${base} * ${root})`
  if (exponent.isInteger && exponent.n <= 4n && short)
    return `(${Array.from({ length: Number(exponent.n) }, () => base).join(' * ')})`
  return `Math.pow(${numeric(x)}, ${exponent.toNumber()})`
}
