/** Functions compiled in the process, for the REPL and tests. */
import type { Expr, InputDef } from '../ir/expr.js'
import { RUNTIME } from '../ops/runtime-text.js'
import { generateCode, type Code } from './code.js'
import { Evaluator } from './evaluate.js'

/** V8 stops optimising functions much longer than this, and its parser overflows on very long ones. */
const STATEMENTS = 1000

export type Compiled = (...xs: readonly number[]) => number[]

/** The values of expressions as a function of their inputs, in order. */
export function compileExpressions(roots: readonly Expr[], inputs: readonly InputDef[]): Compiled {
  const parameters = inputs.map((_, at) => `x${at}`)
  const code = generateCode(roots, new Map(inputs.map((input, at) => [input, parameters[at]])))
  const text = code.statements.length <= STATEMENTS ? short(code, parameters) : long(code, parameters)
  try {
    // oxlint-disable-next-line no-new-func -- In the caller's own process, from text made here; generated modules have none.
    const make: unknown = new Function([...runtimeTexts(code.runtime), text].join('\n'))
    const made: unknown = typeof make === 'function' ? make() : undefined
    if (isCompiled(made)) return made
  } catch (reason) {
    // A content security policy forbids code from text: walk over the expression instead.
    if (!(reason instanceof EvalError)) throw reason
  }
  return interpreted(roots, inputs)
}

const isCompiled = (made: unknown): made is Compiled => typeof made === 'function'

export function interpreted(roots: readonly Expr[], inputs: readonly InputDef[]): Compiled {
  return (...xs) => {
    const evaluator = new Evaluator(new Map(inputs.map((input, at) => [input, xs[at]])))
    return roots.map((root) => evaluator.value(root))
  }
}

/** The runtime functions, with those that they need. */
function runtimeTexts(names: ReadonlySet<string>): string[] {
  const needed = new Set<string>()
  const pending = [...names]
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (needed.has(part)) continue
    needed.add(part)
    pending.push(...RUNTIME[part].needs)
  }
  return [...needed].sort().map((part) => RUNTIME[part].text)
}

function short(code: Code, parameters: readonly string[]): string {
  const lines = [
    ...code.declarations,
    ...code.statements.map(({ name, value }) => `const ${name} = ${value};`),
    `return [${code.results.join(', ')}];`,
  ]
  return `'use strict';\nreturn (${parameters.join(', ')}) => {\n${lines.join('\n')}\n};`
}

/** Split into functions that share their variables through an array. */
function long({ declarations, statements, results }: Code, parameters: readonly string[]): string {
  const slots = new Map(statements.map(({ name }, at) => [name, `v[${at + parameters.length}]`]))
  for (const [at, parameter] of parameters.entries()) slots.set(parameter, `v[${at}]`)
  const placed = (text: string): string => text.replace(/\b[tx]\d+\b/g, (name) => slots.get(name) ?? name)
  const parts: string[] = []
  for (let from = 0; from < statements.length; from += STATEMENTS) {
    const part = statements.slice(from, from + STATEMENTS)
    const lines = part.map(({ name, value }) => `${placed(name)} = ${placed(value)};`)
    parts.push(`const part${parts.length} = (v) => {\n${lines.join('\n')}\n};`)
  }
  const declared = declarations.length === 0 ? '' : declarations.join('\n')
  return [
    `'use strict';`,
    ...parts.map((part) => (declared ? part.replace('(v) => {\n', `(v) => {\n${declared.replace(/\bx\d+\b/g, (name) => slots.get(name) ?? name)}\n`) : part)), // prettier-ignore
    `const size = ${statements.length + parameters.length};`,
    `return (${parameters.join(', ')}) => {`,
    `const v = new Float64Array(size);`,
    ...parameters.map((parameter, at) => `v[${at}] = ${parameter};`),
    ...parts.map((_, at) => `part${at}(v);`),
    `return [${results.map(placed).join(', ')}];`,
    `};`,
  ].join('\n')
}

/** One function that stands alone, with the parts of the runtime that it needs. */
export function functionText(root: Expr, inputs: readonly InputDef[], name = 'f'): string {
  const names = new Map(inputs.map((input) => [input, identifier(input.name)]))
  const code = generateCode([root], names)
  const lines = [
    ...code.declarations,
    ...code.statements.map((statement) => `const ${statement.name} = ${statement.value};`),
    `return ${code.results[0]};`,
  ]
  const parts = runtimeTexts(code.runtime)
  const body = lines.flatMap((line) => line.split('\n')).map((line) => `  ${line}`)
  return [...parts, `function ${name}(${[...names.values()].join(', ')}) {\n${body.join('\n')}\n}`].join(
    '\n\n',
  )
}

const WORDS = /^(?:arguments|await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|eval|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|Math|Number|Infinity|NaN|entries|positions|position|[tfkix]\d+)$/ // prettier-ignore

/** JavaScript words, and names that generated code uses, get an underscore. */
const identifier = (name: string): string => (WORDS.test(name) ? `${name}_` : name)
