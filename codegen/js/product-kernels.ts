/**
 * Kernels for products of matrices, `panel[j, r] += Σ_k left[r, k] * right[k, j]`: the rows, up to sixteen, are written out, and the factors of four values
 * of k are held in variables on the way through the columns. A kernel for any number of rows takes sixteen, or eight, four and one at a time.
 * Short sums are added up in one pass.
 */

/** The most rows that a kernel writes out; a block has no more. */
const BLOCK = 16
/** Rows that the kernel for any number of rows takes at a time where they are not all. */
const SOME = [8, 4, 1]
/** Values of the summed index in one pass, unless all are. */
const PASS = 4
/** The longest sum that is added up in one pass, and the most entries of the left operand that are held meanwhile. */
const LONGEST = 8
const MOST_HELD = 96

export interface ProductKernel {
  /** None: any number. */
  readonly rows: number | undefined
  /** The length of the sum if one pass does it. */
  readonly depth: number | undefined
  /** The entries of a row of the right operand are apart. */
  readonly transposed: boolean
}

/** The kernel for numbers of rows and summed values that are known, or not. */
export function kernelFor(
  rows: number | undefined,
  depth: number | undefined,
  transposed: boolean,
): ProductKernel {
  const open = { rows: undefined, depth: undefined, transposed }
  if (rows === undefined || rows > BLOCK) return open
  if (depth !== undefined && depth <= LONGEST && depth * rows <= MOST_HELD && depth % PASS !== 0)
    return { rows, depth, transposed }
  return rows < BLOCK && rows !== PASS ? { ...open, rows } : open
}

/** What kernels are called; no function of a user may be called so. */
export const isKernelName = (name: string): boolean =>
  /^add(?:Product|\d+(?:x\d+)?Rows|(?:\d+Rows|Row)OfMore)T?(?:32|64)(?:By(?:32|64))?$/.test(name)

export function nameOfKernel({ rows, depth, transposed }: ProductKernel, kind: string): string {
  const what = rows === undefined ? 'Product' : `${rows}${depth === undefined ? '' : `x${depth}`}Rows`
  return `add${what}${suffixOf(transposed, kind)}`
}

const suffixOf = (transposed: boolean, kind: string): string => `${transposed ? 'T' : ''}${kind}`

/** The function, and those that it calls. */
export function textsOfKernel(kernel: ProductKernel, kind: string): readonly string[] {
  const { rows, depth, transposed } = kernel
  const name = nameOfKernel(kernel, kind)
  if (rows === undefined) return textsForAny(name, transposed, kind)
  if (depth === undefined) return [textOfRows(name, rows, transposed, false)]
  const parameters = ['panel', 'panelAt', ...operandsOf(transposed), 'columns']
  return [
    `/**
 * panel[j, r] += Σ_k left[r, k] * right[k, j] for ${counted(rows, 'row')} and ${counted(depth, 'value')} of k.
 */
// prettier-ignore
function ${name}(${parameters.join(', ')}) {
${pass({ rows, transposed }, depth, '  ', 'leftAt', 'rightAt')}
}`,
  ]
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

function operandsOf(transposed: boolean): readonly string[] {
  const steps = transposed ? ['rightStep', 'columnStep'] : ['rightStep']
  return ['left', 'leftAt', 'rowStep', 'leftStep', 'right', 'rightAt', ...steps]
}

function textsForAny(name: string, transposed: boolean, kind: string): readonly string[] {
  const suffix = suffixOf(transposed, kind)
  const block = `add${BLOCK}Rows${suffix}`
  const some = (rows: number): string => `add${rows === 1 ? 'Row' : `${rows}Rows`}OfMore${suffix}`
  const operands = operandsOf(transposed)
  const operandsAt = operands.map((operand) => (operand === 'leftAt' ? 'at' : operand))
  const steps = SOME.map((rows) => {
    const from =
      rows === 1
        ? 'r < rows; r++, at += rowStep'
        : `r + ${rows} <= rows; r += ${rows}, at += ${rows} * rowStep`
    return `  for (; ${from})
    ${some(rows)}(${['panel', 'panelAt + r', 'rows', ...operandsAt, 'depth', 'columns'].join(', ')});`
  })
  return [
    `/**
 * panel[j, r] += Σ_k left[r, k] * right[k, j]: sixteen rows of a product of
 * matrices, or fewer. A column of the panel lies together; left[r, k] stands at
 * leftAt + r * rowStep + k * leftStep, right[k, j] at
 * rightAt + k * rightStep + ${transposed ? 'j * columnStep' : 'j'}.
 */
// prettier-ignore
function ${name}(${['panel', 'panelAt', ...operands, 'rows', 'depth', 'columns'].join(', ')}) {
  if (rows === ${BLOCK}) return ${block}(${['panel', 'panelAt', ...operands, 'depth', 'columns'].join(', ')});
  let r = 0, at = leftAt;
${steps.join('\n')}
}`,
    textOfRows(block, BLOCK, transposed, false),
    ...SOME.map((rows) => textOfRows(some(rows), rows, transposed, true)),
  ]
}

/** `ofMore`: the panel has further rows. */
function textOfRows(name: string, rows: number, transposed: boolean, ofMore: boolean): string {
  const panel = ofMore ? ['panel', 'panelAt', 'panelRows'] : ['panel', 'panelAt']
  const own = { rows, transposed, step: ofMore ? 'panelRows' : undefined }
  return `/**
 * panel[j, r] += Σ_k left[r, k] * right[k, j] for ${counted(rows, 'row')}${ofMore ? ' of more' : ''}.
 */
// prettier-ignore
function ${name}(${[...panel, ...operandsOf(transposed), 'depth', 'columns'].join(', ')}) {
  let l = leftAt, r = rightAt, k = 0;
  for (; k + ${PASS} <= depth; k += ${PASS}, l += ${PASS} * leftStep, r += ${PASS} * rightStep) {
${pass(own, PASS, '    ', 'l', 'r')}
  }
  for (; k < depth; k++, l += leftStep, r += rightStep) {
${pass(own, 1, '    ', 'l', 'r')}
  }
}`
}

interface Rows {
  readonly rows: number
  readonly transposed: boolean
  /** How far columns of the panel are apart, unless by the rows. */
  readonly step?: string | undefined
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at)
const listed = (count: number, text: (at: number) => string, between = ', '): string => upTo(count).map(text).join(between) // prettier-ignore
/** `k + 2 * step`. */
const stepped = (from: string, count: number, step: string): string =>
  count === 0 ? from : count === 1 ? `${from} + ${step}` : `${from} + ${count} * ${step}`

/** Adds the products of some values of the summed index to all columns. */
function pass(
  { rows, transposed, step }: Rows,
  values: number,
  indent: string,
  left: string,
  right: string,
): string {
  const held = (row: number): string =>
    `const ${listed(values, (k) => `a${row}_${k} = left[${stepped(`l${row}`, k, 'leftStep')}]`)};`
  const added = (row: number): string =>
    `panel[${row === 0 ? 'p' : `p + ${row}`}] += ${listed(values, (k) => `a${row}_${k} * b${k}`, ' + ')};`
  const [starts, steps, column] = transposed ? [', c = 0', ', c += columnStep', 'c'] : ['', '', 'j']
  return [
    ...upTo(rows).flatMap((row) => [`const l${row} = ${row === 0 ? left : `l${row - 1} + rowStep`};`, held(row)]), // prettier-ignore
    `const ${listed(values, (k) => `r${k} = ${k === 0 ? right : `r${k - 1} + rightStep`}`)};`,
    `for (let j = 0, p = panelAt${starts}; j < columns; j++, p += ${step ?? rows}${steps}) {`,
    `  const ${listed(values, (k) => `b${k} = right[r${k} + ${column}]`)};`,
    ...upTo(rows).map((row) => `  ${added(row)}`),
    '}',
  ]
    .map((line) => indent + line)
    .join('\n')
}
