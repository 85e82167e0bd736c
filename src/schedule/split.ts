/** Splits a body that is too long for one function into parts; locals that several parts use live in shared state. */
import { FUNCTION_STATEMENTS } from './cost.js'
import type {
  AddProduct,
  Buffer,
  Local,
  Part,
  MatrixPlace,
  RunRoutine,
  Scalar,
  Statement,
} from './loop-program.js'
import { nodesOf } from './scalars.js'

export interface Split {
  readonly body: readonly Statement[]
  readonly parts: readonly Part[]
  readonly state: ReadonlyMap<Local, number>
}

/** `results` are read after the last statement. */
export function splitBody(body: readonly Statement[], results: readonly Scalar[]): Split {
  const sizes = body.map(sizeOf)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total <= FUNCTION_STATEMENTS) return { body, parts: [], state: new Map() }
  const chunks: Statement[][] = []
  let filled = FUNCTION_STATEMENTS
  for (const [at, statement] of body.entries()) {
    if (filled + sizes[at] > FUNCTION_STATEMENTS || chunks.length === 0) {
      chunks.push([])
      filled = 0
    }
    chunks[chunks.length - 1].push(statement)
    filled += sizes[at]
  }
  const parts = chunks.map((statements, at): Part => ({ name: `part${at + 1}`, body: statements }))
  return { body: parts.map((part) => ({ kind: 'call', part })), parts, state: sharedLocals(chunks, results) }
}

/** How many statements it is, with those inside it. */
export function sizeOf(statement: Statement): number {
  let size = 0
  const pending = [statement]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.kind === 'title' || next.kind === 'remark') continue
    size++
    if (next.kind === 'loop') pending.push(...next.body)
    if (next.kind === 'branch') pending.push(...next.consequent, ...next.alternate)
  }
  return size
}

/** Locals declared in one chunk and used in another, in the order of their declaration. */
function sharedLocals(
  chunks: readonly (readonly Statement[])[],
  results: readonly Scalar[],
): Map<Local, number> {
  const home = new Map<Local, number>()
  for (const [chunk, statements] of chunks.entries())
    for (const statement of statements)
      if (statement.kind === 'constant' || statement.kind === 'variable') home.set(statement.local, chunk)
  const crossing = new Set<Local>()
  const note = (local: Local, chunk: number): void => {
    const at = home.get(local)
    if (at !== undefined && at !== chunk) crossing.add(local)
  }
  for (const [chunk, statements] of chunks.entries())
    for (const local of touchedBy(statements).locals) note(local, chunk)
  for (const local of touchedBy([], results).locals) note(local, chunks.length)
  const state = new Map<Local, number>()
  for (const local of home.keys()) if (crossing.has(local)) state.set(local, state.size)
  return state
}

/** What statements touch, those inside loops, branches and parts included. */
export interface Touched {
  /** Read or assigned. */
  readonly locals: ReadonlySet<Local>
  readonly buffers: ReadonlySet<Buffer>
}

/** Parts are looked at when a body is split, and again when they are written; single statements for what shares memory. */
const touched = new WeakMap<readonly Statement[] | Statement, Touched>()

/** Buffers in a deterministic order. `results` are read after the last statement. */
export function touchedBy(statements: readonly Statement[], results: readonly Scalar[] = []): Touched {
  if (results.length > 0 || statements.length === 0) return findTouched(statements, results)
  const key = statements.length === 1 ? statements[0] : statements
  let found = touched.get(key)
  if (!found) touched.set(key, (found = findTouched(statements, results)))
  return found
}

/** What a body touches. Its parts have been looked at when they were made, which is enough where there are no buffers, whose order counts. */
export function touchedIn(body: readonly Statement[], { parts }: Split, results: readonly Scalar[]): Touched {
  const known = [...parts.map((part) => touchedBy(part.body)), touchedBy([], results)]
  if (parts.length === 0 || known.some(({ buffers }) => buffers.size > 0)) return touchedBy(body, results)
  const locals = new Set<Local>()
  for (const each of known) for (const local of each.locals) locals.add(local)
  return { locals, buffers: new Set() }
}

function findTouched(statements: readonly Statement[], results: readonly Scalar[]): Touched {
  const locals = new Set<Local>()
  const buffers = new Set<Buffer>()
  const roots = [...results]
  const pending = [...statements].reverse()
  for (let next = pending.pop(); next; next = pending.pop()) {
    roots.push(...scalarsOf(next))
    if (next.kind === 'assign' || next.kind === 'accumulate') locals.add(next.local)
    if (next.kind === 'store' || next.kind === 'fill') buffers.add(next.buffer)
    if (next.kind === 'routine' || next.kind === 'product')
      for (const { buffer } of placesOf(next)) buffers.add(buffer)
    if (next.kind === 'copy') buffers.add(next.from).add(next.to)
    if (next.kind === 'loop') pending.push(...next.body)
    if (next.kind === 'branch') pending.push(...next.consequent, ...next.alternate)
    if (next.kind === 'call') pending.push(...next.part.body)
  }
  for (const node of nodesOf(roots)) {
    if (node.kind === 'local') locals.add(node.local)
    if (node.kind === 'load') buffers.add(node.buffer)
  }
  return { locals, buffers }
}

/** A statement and those inside it. */
export function statementsIn(root: Statement): Statement[] {
  const found = [root]
  // Those that are found are looked into in turn.
  for (const next of found) {
    if (next.kind === 'loop') found.push(...next.body)
    if (next.kind === 'branch') found.push(...next.consequent, ...next.alternate)
    if (next.kind === 'call') found.push(...next.part.body)
  }
  return found
}

/** What a statement itself gives a value, not those inside it. */
export function writtenBy(statement: Statement): Buffer | Local | undefined {
  switch (statement.kind) {
    case 'constant':
    case 'variable':
    case 'assign':
    case 'accumulate':
      return statement.local
    case 'store':
    case 'fill':
      return statement.buffer
    case 'copy':
      return statement.to
    case 'routine':
      return statement.on.buffer
    case 'product':
      return statement.panel.buffer
    case 'loop':
    case 'branch':
    case 'title':
    case 'remark':
    case 'call':
      return undefined
  }
}

/** Where a routine or a product works and what it reads. */
export function placesOf(statement: RunRoutine | AddProduct): readonly MatrixPlace[] {
  if (statement.kind === 'product') return [statement.panel, statement.left, statement.right]
  return statement.factors ? [statement.on, statement.factors] : [statement.on]
}

/** The scalars that stand in a statement itself, not in those inside it. */
export function scalarsOf(statement: Statement): readonly Scalar[] {
  switch (statement.kind) {
    case 'title':
    case 'remark':
    case 'call':
    case 'copy':
      return []
    case 'constant':
    case 'assign':
    case 'accumulate':
      return [statement.value]
    case 'variable':
      return statement.value ? [statement.value] : []
    case 'store':
      return [statement.offset, statement.value]
    case 'fill':
      return statement.range ? [statement.range.from, statement.range.count] : []
    case 'routine':
      return [statement.rows, statement.columns, ...placesOf(statement).map(({ offset }) => offset)]
    case 'product': {
      const { panel, left, right, rows, depth, columns } = statement
      return [panel.offset, panel.rowStep, panel.columnStep, left.offset, left.rowStep, left.depthStep, right.offset, right.depthStep, right.columnStep, rows, depth, columns] // prettier-ignore
    }
    case 'loop':
      return [statement.from, statement.to]
    case 'branch':
      return [statement.condition]
  }
}
