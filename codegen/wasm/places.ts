/**
 * Which locals share a place: those of one type and name that are never in use at the same time. Lowering names what each loop computes anew; with places
 * of their own for all of it modules would be longer, and loops that are alike would not be so in their bytes, which compress the better for it.
 */
import {
  type Code,
  type Function,
  type Statement,
  type Variable,
  blocksOf,
  operandsOf,
  partsOf,
} from './code.js'

export interface Places {
  /** The locals that have places, in order. */
  readonly kept: readonly Variable[]
  /** For each local the one whose place it takes. */
  readonly of: ReadonlyMap<Variable, Variable>
}

/** A statement and all that is in it, by numbers in order. */
interface Stretch {
  readonly statement: Statement | undefined
  readonly from: number
  to: number
}

/** Statements in order, and the one that they are in. */
interface Block {
  readonly parent: Block | undefined
  readonly depth: number
  readonly inside: Stretch
}

/** The innermost block that has all mentions of a local, and the first and the last of its statements that do. */
interface Life {
  block: Block
  first: Stretch
  last: Stretch
}

export function placesOf({ body, result, params }: Pick<Function, 'body' | 'result' | 'params'>): Places {
  const lives = [...new Lives(params).of(body, result)].map(([variable, { first, last }]) => {
    const isFresh = first.statement !== undefined && begins([first.statement], variable) === 'set'
    // Others are 0 at first, or what an earlier turn of a loop has left.
    return isFresh ? { variable, from: first.from, to: last.to } : { variable, from: -1, to: Infinity }
  })
  const starting = lives.sort((a, b) => a.from - b.from)
  const ending = [...lives].sort((a, b) => a.to - b.to)
  const free = new Map<string, Variable[]>()
  const freeLike = ({ type, name }: Variable): Variable[] => {
    const key = `${type} ${name}`
    const known = free.get(key)
    if (known) return known
    const fresh: Variable[] = []
    free.set(key, fresh)
    return fresh
  }
  const kept: Variable[] = []
  const of = new Map<Variable, Variable>()
  let ended = 0
  for (const { variable, from } of starting) {
    for (; ended < ending.length && ending[ended].to < from; ended++) {
      const place = of.get(ending[ended].variable)
      if (place) freeLike(place).push(place)
    }
    const place = freeLike(variable).pop()
    if (!place) kept.push(variable)
    of.set(variable, place ?? variable)
  }
  return { kept, of }
}

class Lives {
  private readonly lives = new Map<Variable, Life>()
  private readonly params: ReadonlySet<Variable>
  private count = 0

  constructor(params: readonly Variable[]) {
    this.params = new Set(params)
  }

  of(body: readonly Statement[], result: Code | undefined): ReadonlyMap<Variable, Life> {
    const all: Block = {
      parent: undefined,
      depth: 0,
      inside: { statement: undefined, from: 0, to: Infinity },
    }
    this.block(body, all)
    if (result) this.code(result, all, { statement: undefined, from: this.count, to: this.count })
    return this.lives
  }

  private block(statements: readonly Statement[], block: Block): void {
    for (const statement of statements) {
      const stretch: Stretch = { statement, from: this.count++, to: Infinity }
      if (statement.kind === 'set') this.mention(statement.variable, block, stretch)
      for (const operand of operandsOf(statement)) this.code(operand, block, stretch)
      for (const each of blocksOf(statement))
        this.block(each, { parent: block, depth: block.depth + 1, inside: stretch })
      stretch.to = this.count++
    }
  }

  private code(code: Code, block: Block, stretch: Stretch): void {
    if (code.kind === 'get') this.mention(code.variable, block, stretch)
    const parts = partsOf(code)
    for (let at = 0; at < parts.length; at++) this.code(parts[at], block, stretch)
  }

  private mention(variable: Variable, block: Block, stretch: Stretch): void {
    if (this.params.has(variable)) return
    const life = this.lives.get(variable)
    if (!life) {
      this.lives.set(variable, { block, first: stretch, last: stretch })
      return
    }
    let last = stretch
    for (let other = block; life.block !== other;) {
      const { depth, parent, inside } = life.block
      const outer = other.parent
      if (outer && other.depth >= depth) {
        last = other.inside
        other = outer
      }
      if (parent && depth > other.depth) {
        life.first = inside
        life.block = parent
      }
    }
    life.last = last
  }
}

/** What happens to a local first: whether it is set before it is read. */
function begins(statements: readonly Statement[], variable: Variable): 'set' | 'read' | undefined {
  for (const statement of statements) {
    if (operandsOf(statement).some((code) => reads(code, variable))) return 'read'
    if (statement.kind === 'set' && statement.variable === variable) return 'set'
    const inside = blocksOf(statement).map((block) => begins(block, variable))
    if (inside.every((each) => each === undefined)) continue
    return statement.kind === 'if' && inside.every((each) => each === 'set') ? 'set' : 'read'
  }
  return undefined
}

const reads = (code: Code, variable: Variable): boolean =>
  code.kind === 'get' ? code.variable === variable : partsOf(code).some((part) => reads(part, variable))
