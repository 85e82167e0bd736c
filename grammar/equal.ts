import type { Expression, File, Statement } from './ast.js'

/** Where a thing stands and how a product was written makes no difference. */
const IGNORED: ReadonlySet<string> = new Set(['span', 'implicit', 'comments'])

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function fields(value: object): [string, unknown][] {
  return Object.entries(value).filter(([key, field]) => !IGNORED.has(key) && field !== undefined)
}

/** Whether two trees are the same but for their spans. */
export function sameSyntax<Tree extends Expression | Statement | File>(a: Tree, b: Tree): boolean {
  const pairs: [unknown, unknown][] = [[a, b]]
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [left, right] = pair
    if (left === right) continue
    if (!isObject(left) || !isObject(right) || Array.isArray(left) !== Array.isArray(right)) return false
    const leftFields = fields(left)
    const rightFields = new Map(fields(right))
    if (leftFields.length !== rightFields.size) return false
    for (const [key, field] of leftFields) {
      if (!rightFields.has(key)) return false
      pairs.push([field, rightFields.get(key)])
    }
  }
  return true
}
