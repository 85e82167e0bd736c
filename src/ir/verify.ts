/** Checks what every pass must keep. What it finds is a mistake of the compiler, never of the user. */
import type { Def, Expr, Index, MatrixDef, MatrixOperand } from './expr.js'
import { printDefinition, printExpr } from './print.js'
import { boundIn } from './dependencies.js'
import { allExpressionsOf, definitionsOf, expressionsOfEntry } from './program-contents.js'
import type { Entry, Program } from './program.js'
import { findUnsafeRead, isInRange } from './prove.js'
import { postorder } from './walk.js'

/** A program that breaks an invariant of the IR, and the pass that left it so. */
export class InvalidProgram extends Error {
  constructor(pass: string, problems: readonly string[]) {
    const more = problems.length > SHOWN ? `\n  and ${problems.length - SHOWN} more` : ''
    super(`pass '${pass}' broke the program:\n  ${problems.slice(0, SHOWN).join('\n  ')}${more}`)
    this.name = 'InvalidProgram'
  }
}

const SHOWN = 5
const LONGEST = 400

/** Throws if the program is not as every pass must leave it. */
export function verifyProgram(program: Program, pass: string): void {
  const problems = problemsOf(program, pass)
  if (problems.length > 0) throw new InvalidProgram(pass, problems)
}

function problemsOf(program: Program, pass: string): string[] {
  const problems: string[] = []
  const isDifferentiated = pass === 'differentiate' || program.entries.some((entry) => entry.backward)
  const verified = new Set<Expr>()
  for (const def of definitionsOf(program)) {
    const found = [
      ...definitionProblems(program, def),
      ...nodeProblems(allExpressionsOf(def), verified),
      ...(isDifferentiated && def.kind === 'derivative' ? ['a derivative is left'] : []),
      ...(pass === 'factorise' && def.kind === 'matrix' ? ['an operator on matrices is left'] : []),
    ]
    problems.push(...found.map((problem) => `${printDefinition(def, LONGEST)}: ${problem}`))
  }
  for (const entry of program.entries)
    problems.push(
      ...entryProblems(entry, verified).map((problem) => `${entry.kind} ${entry.name}: ${problem}`),
    )
  return problems
}

// ── Definitions ────────────────────────────────────────────────────────────────────────────────────────────

function definitionProblems(program: Program, def: Def): string[] {
  const { graph } = program
  const problems: string[] = []
  if (graph.definitions.all[def.id] !== def) problems.push('it belongs to another graph')
  const bound = boundIn(def)
  for (const { extent } of [...def.idx, ...bound]) {
    if (extent.free.length > 0) problems.push(`the extent ${printExpr(extent)} depends on an index`)
    if (!extent.integer) problems.push(`the extent ${printExpr(extent)} is not whole`)
  }
  const scopes =
    def.kind === 'matrix' ? [def.idx, ...def.operands.map(scopeOf(def))] : [[...def.idx, ...bound]]
  if (scopes.some((scope) => new Set(scope).size < scope.length)) problems.push('an index is bound twice')
  problems.push(...scopeProblems(def), ...rangeProblems(program, def))
  return problems
}

/** The indices that an operand may hold. */
const scopeOf =
  (def: MatrixDef) =>
  ({ idx }: MatrixOperand): Index[] => [...def.idx.slice(0, def.batch), ...idx]

/** Free indices of the parts must be bound by the definition. */
function scopeProblems(def: Def): string[] {
  const unbound = (expressions: readonly Expr[], bound: readonly Index[]): string[] =>
    expressions
      .flatMap((e) => e.free)
      .filter((index) => !bound.includes(index))
      .map((index) => `index ${index.id} of extent ${printExpr(index.extent)} is not bound`)
  switch (def.kind) {
    case 'param':
      return []
    case 'input':
      return unbound(def.bounds, [])
    case 'table': {
      const count = def.idx.reduce((product, { extent }) => product * extent.facts.low, 1)
      return def.values.length === count ? [] : [`${def.values.length} values for ${count} entries`]
    }
    case 'computed': {
      if (!def.body) return ['its body was never set']
      const { idx = [], filter = [] } = def.reduction ?? {}
      return [
        ...unbound([def.body, ...filter], [...def.idx, ...idx]),
        ...filter.filter((condition) => !isCondition(condition)).map(notCondition),
      ]
    }
    case 'matrix': {
      const [{ idx }] = def.operands
      return [
        ...def.operands.flatMap((operand) => unbound([operand.value], scopeOf(def)(operand))),
        ...(idx.length === 2 && idx[0].extent === idx[1].extent ? [] : ['its matrix is not square']),
      ]
    }
    case 'derivative': {
      const batch = def.idx.length - (def.wrt.idx.length - def.at.length)
      const own = def.wrt.idx.slice(def.at.length)
      const same = own.every(({ extent }, axis) => def.idx[batch + axis]?.extent === extent)
      return [
        ...unbound([def.of, ...def.at], def.idx.slice(0, batch)),
        ...(same ? [] : [`its shape does not end with that of '${def.wrt.name}'`]),
      ]
    }
  }
}

/** The definition must be closed: every read in range by its own extents, filter and guards. */
function rangeProblems({ graph }: Program, def: Def): string[] {
  const unsafe = (e: Expr, conditions: readonly Expr[] = []): string[] => {
    const read = findUnsafeRead(graph, e, conditions)
    return read ? [`the read ${printExpr(read, namesOf(def))} is not proven in range`] : []
  }
  const extents = def.idx.flatMap(({ extent }) => unsafe(extent))
  switch (def.kind) {
    case 'input':
    case 'param':
    case 'table':
      return extents
    case 'computed': {
      const { idx = [], filter = [] } = def.reduction ?? {}
      return [
        ...extents,
        ...idx.flatMap(({ extent }) => unsafe(extent)),
        ...filter.flatMap((condition, at) => unsafe(condition, filter.slice(0, at))),
        ...(def.body ? unsafe(def.body, filter) : []),
        ...(def.routine?.factors ? unsafe(def.routine.factors) : []),
      ]
    }
    case 'matrix':
      return [...extents, ...def.operands.flatMap(({ value }) => unsafe(value))]
    case 'derivative': {
      const outside = def.at.filter((arg, axis) => !isInRange(graph, arg, def.wrt.idx[axis].extent))
      return [
        ...extents,
        ...unsafe(def.of),
        ...outside.map((arg) => `${printExpr(arg, namesOf(def))} is not proven in range`),
      ]
    }
  }
}

function namesOf(def: Def): Map<Index, string> {
  return new Map([...def.idx, ...boundIn(def)].map((index, at) => [index, def.indexNames[at] ?? 'i']))
}

// ── Nodes ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Problems of the nodes below the roots, each looked at once. */
function nodeProblems(roots: readonly Expr[], verified: Set<Expr>): string[] {
  const fresh = postorder(roots, (node) => !verified.has(node)).filter((node) => !verified.has(node))
  for (const node of fresh) verified.add(node)
  return fresh.flatMap((node) => {
    switch (node.kind) {
      case 'read': {
        if (node.args.length !== node.def.idx.length)
          return [`'${node.def.name}' has ${node.def.idx.length} axes, read with ${node.args.length}`]
        return node.args
          .filter((arg) => !arg.integer)
          .map((arg) => `the subscript ${shown(arg)} is not whole`)
      }
      case 'test':
        return node.operand.integer ? [] : [`${shown(node.operand)} is tested and not whole`]
      case 'guard':
        return node.conditions.filter((condition) => !isCondition(condition)).map(notCondition)
      case 'apply':
        if (node.operator === 'select')
          return node.args
            .slice(0, 1)
            .filter((e) => !isCondition(e))
            .map(notCondition)
        if (node.operator === 'and' || node.operator === 'or' || node.operator === 'not')
          return node.args.filter((e) => !isCondition(e)).map(notCondition)
        return []
      default:
        return []
    }
  })
}

/** 0 or 1, or whole-numbered data that stands for it. */
const isCondition = (e: Expr): boolean =>
  e.integer && ((e.facts.low >= 0 && e.facts.high <= 1) || e.kind === 'read')

const shown = (e: Expr): string => printExpr(e, new Map(), LONGEST)
const notCondition = (e: Expr): string => `${shown(e)} is no condition`

// ── Entries ────────────────────────────────────────────────────────────────────────────────────────────────

function entryProblems(entry: Entry, verified: Set<Expr>): string[] {
  const { backward, tangent, loss, outputs } = entry
  const problems = nodeProblems(expressionsOfEntry(entry), verified)
  for (const e of expressionsOfEntry(entry))
    if (e.free.length > 0) problems.push(`${shown(e)} depends on an index`)
  for (const { expr } of entry.checks)
    if (!expr.integer) problems.push(`the check ${shown(expr)} is not whole`)
  for (const { input, axis } of entry.sizes)
    if (axis >= input.idx.length) problems.push(`'${input.name}' has no axis ${axis}`)
  if (loss && loss.idx.length > 0) problems.push(`the loss '${loss.name}' is no scalar`)
  const requireShape = (def: Def | undefined, of: Def | undefined, what: string): void => {
    if (def && of && !haveSameShape(def, of))
      problems.push(`the ${what} of '${of.name}' has another shape: '${def.name}'`)
  }
  for (const { wrt, def } of backward?.gradients ?? []) requireShape(def, wrt, 'cotangent')
  for (const [at, def] of (tangent?.outputs ?? []).entries()) requireShape(def, outputs[at]?.def, 'tangent')
  return problems
}

const haveSameShape = (a: Def, b: Def): boolean =>
  a.idx.length === b.idx.length && a.idx.every(({ extent }, axis) => extent === b.idx[axis].extent)
