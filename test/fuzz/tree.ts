/** Expressions as they are drawn: nothing is reordered or merged, and so their values owe nothing to the compiler. */
import type { Field } from '../../src/verify/field.js'
import type { OperatorName } from '../../src/ops/signatures.js'

export type Tree =
  | { readonly kind: 'number'; readonly text: string; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'apply'; readonly operator: OperatorName; readonly args: readonly Tree[] }

export const number = (text: string, value = Number(text)): Tree => ({ kind: 'number', text, value })
export const name = (text: string): Tree => ({ kind: 'name', name: text })
export const apply = (operator: OperatorName, ...args: readonly Tree[]): Tree => ({
  kind: 'apply',
  operator,
  args,
})

const INFIX: Readonly<Partial<Record<OperatorName, string>>> = {
  add: '+', sub: '-', mul: '*', div: '/', pow: '^', idiv: '//',
  lt: '<', le: '<=', gt: '>', ge: '>=', eq: '==', ne: '!=', and: 'and', or: 'or',
} // prettier-ignore

/** In the language, with all parentheses. */
export function textOf(tree: Tree): string {
  if (tree.kind === 'number') return tree.text
  if (tree.kind === 'name') return tree.name
  const args = tree.args.map(textOf)
  const infix = INFIX[tree.operator]
  if (infix) return `(${args[0]} ${infix} ${args[1]})`
  if (tree.operator === 'neg') return `(-${args[0]})`
  if (tree.operator === 'not') return `(not ${args[0]})`
  if (tree.operator === 'select') return `(if ${args[0]} then ${args[1]} else ${args[2]})`
  return `${tree.operator}(${args.join(', ')})`
}

export const sizeOf = (tree: Tree): number =>
  tree.kind === 'apply' ? tree.args.reduce((sum, arg) => sum + sizeOf(arg), 1) : 1

export const isConstant = (tree: Tree): boolean =>
  tree.kind === 'apply' ? tree.args.every(isConstant) : tree.kind === 'number'

export const operatorsIn = (tree: Tree): readonly OperatorName[] =>
  tree.kind === 'apply' ? [tree.operator, ...tree.args.flatMap(operatorsIn)] : []

/** The value over any field; of a choice the arm that is taken alone. A constant wins a tie, as the language has it. */
export function valueOf<N>(tree: Tree, at: Readonly<Record<string, N>>, field: Field<N>): N {
  if (tree.kind === 'number') return field.constant(tree.value)
  if (tree.kind === 'name') return at[tree.name]
  const { operator, args } = tree
  if (operator === 'select') {
    const [condition, yes, no] = args
    const holds = valueOf(condition, at, field)
    const taken = valueOf(field.value(holds) ? yes : no, at, field)
    return field.apply('select', [holds, taken, taken])
  }
  const values = args.map((arg) => valueOf(arg, at, field))
  if (operator === 'max' || operator === 'min') {
    const isTie = field.value(values[0]) === field.value(values[1])
    const constant = isTie ? args.findIndex(isConstant) : -1
    if (constant >= 0) return values[constant]
  }
  return field.apply(operator, values)
}
