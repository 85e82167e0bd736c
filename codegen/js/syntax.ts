/** The few kinds of JavaScript expressions that generated modules consist of. */
export type Js =
  /** An identifier. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'unary'; readonly operator: '-' | '!'; readonly operand: Js }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Js; readonly right: Js }
  | { readonly kind: 'conditional'; readonly test: Js; readonly yes: Js; readonly no: Js }
  | {
      readonly kind: 'call'
      readonly callee: Js
      readonly args: readonly Js[]
      readonly prefix: '' | 'new ' | '/* @__PURE__ */ ' | '/* @__PURE__ */ new '
    }
  | { readonly kind: 'member'; readonly object: Js; readonly property: string; readonly optional: boolean }
  | { readonly kind: 'element'; readonly object: Js; readonly at: Js }
  | { readonly kind: 'array'; readonly items: readonly Js[] }
  | { readonly kind: 'object'; readonly properties: readonly Property[] }
  /** `({ n, m }) => body`: a number from sizes. */
  | { readonly kind: 'arrow'; readonly parameter: string; readonly body: Js }

export interface Property {
  readonly key: string
  readonly value: Js
}

export type BinaryOperator =
  '+' | '-' | '*' | '/' | '%' | '<' | '<=' | '>' | '>=' | '===' | '!==' | '&&' | '||' | '??'

export const name = (text: string): Js => ({ kind: 'name', name: text })
export const number = (value: number): Js => ({ kind: 'number', value })
export const string = (value: string): Js => ({ kind: 'string', value })
export const binary = (operator: BinaryOperator, left: Js, right: Js): Js => ({
  kind: 'binary',
  operator,
  left,
  right,
})
export const negative = (operand: Js): Js => ({ kind: 'unary', operator: '-', operand })
export const not = (operand: Js): Js => ({ kind: 'unary', operator: '!', operand })
export const member = (object: Js, property: string, optional = false): Js => ({
  kind: 'member',
  object,
  property,
  optional,
})
export const element = (object: Js, at: Js): Js => ({ kind: 'element', object, at })
export const array = (items: readonly Js[]): Js => ({ kind: 'array', items })
export const object = (properties: readonly Property[]): Js => ({ kind: 'object', properties })
export const call = (callee: string | Js, ...args: readonly Js[]): Js => ({
  kind: 'call',
  callee: typeof callee === 'string' ? name(callee) : callee,
  args,
  prefix: '',
})
export const math = (property: string, ...args: readonly Js[]): Js =>
  call(member(name('Math'), property), ...args)
/** `new Type(…)`. */
export const create = (type: string, ...args: readonly Js[]): Js => ({
  kind: 'call',
  callee: name(type),
  args,
  prefix: 'new ',
})

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u

export const isIdentifier = (text: string): boolean => IDENTIFIER.test(text)

/** `e - 1`; of `T + 1` it is `T`. */
export function before(e: Js): Js {
  if (e.kind === 'number') return number(e.value - 1)
  const isNext = e.kind === 'binary' && e.operator === '+' && e.right.kind === 'number' && e.right.value === 1
  return isNext ? e.left : binary('-', e, number(1))
}
