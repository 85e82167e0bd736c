/**
 * Kernels for products of which the number of rows is known when compiling, as those of convolutions: written out for just as many, where the
 * kernel for any number takes a few rows at a time and the rest one by one. Short sums are added up in one pass.
 */

/** Of a block of so many rows the kernel for any number is made already. */
const BLOCK = 16
/** Values of the summed index in one pass, unless all are. */
const PASS = 4
/** The longest sum that is added up in one pass, and the most entries of the left operand that are held meanwhile. */
const LONGEST = 8
const MOST_HELD = 96

/** `depth`: the length of the sum if one pass does it. */
export interface FewRows {
  readonly rows: number
  readonly depth: number | undefined
}

/** What kernel there is for numbers of rows and summed values that are known, or not. */
export function fewRows(rows: number | undefined, depth: number | undefined): FewRows | undefined {
  if (rows === undefined || rows > BLOCK) return undefined
  if (depth !== undefined && depth <= LONGEST && depth * rows <= MOST_HELD && depth % PASS !== 0)
    return { rows, depth }
  return rows < BLOCK && rows !== PASS ? { rows, depth: undefined } : undefined
}

/** Whether a function of a module may be called so. */
export const isFewRows = (name: string): boolean =>
  /^add\d+(?:x\d+)?Rows(?:32|64)(?:By(?:32|64))?$/.test(name)

export const nameOfFewRows = ({ rows, depth }: FewRows, kind: string): string =>
  `add${rows}${depth === undefined ? '' : `x${depth}`}Rows${kind}`

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at)
const listed = (count: number, text: (at: number) => string, between = ', '): string => upTo(count).map(text).join(between) // prettier-ignore
/** `k + 2 * step`. */
const stepped = (from: string, count: number, step: string): string =>
  count === 0 ? from : count === 1 ? `${from} + ${step}` : `${from} + ${count} * ${step}`

export function textOfFewRows(few: FewRows, kind: string): string {
  const { rows, depth } = few
  const name = nameOfFewRows(few, kind)
  if (depth !== undefined)
    return `/**
 * panel[j, r] += Σ_k left[r, k] * right[k, j] for ${rows} rows and ${depth} ${depth === 1 ? 'value' : 'values'} of k.
 */
// prettier-ignore
function ${name}(panel, panelAt, left, leftAt, rowStep, leftStep, right, rightAt, rightStep, columns) {
${pass(rows, depth, '  ', 'leftAt', 'rightAt')}
}`
  return `/**
 * panel[j, r] += Σ_k left[r, k] * right[k, j] for ${rows} ${rows === 1 ? 'row' : 'rows'}.
 */
// prettier-ignore
function ${name}(panel, panelAt, left, leftAt, rowStep, leftStep, right, rightAt, rightStep, depth, columns) {
  let l = leftAt, r = rightAt, k = 0;
  for (; k + ${PASS} <= depth; k += ${PASS}, l += ${PASS} * leftStep, r += ${PASS} * rightStep) {
${pass(rows, PASS, '    ', 'l', 'r')}
  }
  for (; k < depth; k++, l += leftStep, r += rightStep) {
${pass(rows, 1, '    ', 'l', 'r')}
  }
}`
}

/** Adds the products of some values of the summed index to all columns. */
function pass(rows: number, values: number, indent: string, left: string, right: string): string {
  const held = (row: number): string =>
    `const ${listed(values, (k) => `a${row}_${k} = left[${stepped(`l${row}`, k, 'leftStep')}]`)};`
  const added = (row: number): string =>
    `panel[${row === 0 ? 'p' : `p + ${row}`}] += ${listed(values, (k) => `a${row}_${k} * b${k}`, ' + ')};`
  return [
    ...upTo(rows).flatMap((row) => [`const l${row} = ${row === 0 ? left : `l${row - 1} + rowStep`};`, held(row)]), // prettier-ignore
    `const ${listed(values, (k) => `r${k} = ${k === 0 ? right : `r${k - 1} + rightStep`}`)};`,
    `for (let j = 0, p = panelAt; j < columns; j++, p += ${rows}) {`,
    `  const ${listed(values, (k) => `b${k} = right[r${k} + j]`)};`,
    ...upTo(rows).map((row) => `  ${added(row)}`),
    '}',
  ]
    .map((line) => indent + line)
    .join('\n')
}
