/**
 * Variables that are set once and read once are replaced by their values, where nothing that the value reads changes in between: lowering names all that
 * might be used twice. The code is a fifth smaller, and reads as it was meant.
 */
import {
  type Code,
  type Function,
  type Statement,
  type Variable,
  blocksOf,
  instructionOf,
  operandsOf,
  partsOf,
} from './code.js'
import { placesOf } from './places.js'

/** Expressions are nested no deeper, so that walks through them stay shallow. */
const DEEPEST = 48

export function substituteOnce(own: Function): Function {
  const uses = new Uses(own)
  const body = new Substitution(uses)
  const statements = body.block(own.body)
  const result = own.result && body.last(own.result)
  const kept = body.without(statements)
  const places = placesOf({ ...own, body: kept, result })
  return { ...own, body: kept, result, locals: places.kept, places: places.of }
}

/** How often variables are set and read. */
class Uses {
  private readonly sets = new Map<Variable, number>()
  private readonly gets = new Map<Variable, number>()

  constructor({ body, result }: Pick<Function, 'body' | 'result'>) {
    this.block(body)
    if (result) this.code(result)
  }

  isOnce(variable: Variable): boolean {
    return this.sets.get(variable) === 1 && this.gets.get(variable) === 1
  }

  private block(statements: readonly Statement[]): void {
    for (const statement of statements) {
      if (statement.kind === 'set')
        this.sets.set(statement.variable, (this.sets.get(statement.variable) ?? 0) + 1)
      for (const code of operandsOf(statement)) this.code(code)
      for (const inner of blocksOf(statement)) this.block(inner)
    }
  }

  private code(code: Code): void {
    if (code.kind === 'get') this.gets.set(code.variable, (this.gets.get(code.variable) ?? 0) + 1)
    const parts = partsOf(code)
    for (let at = 0; at < parts.length; at++) this.code(parts[at])
  }
}

/** A value on the way to the place where it is read. */
interface Moving {
  readonly statement: Statement
  readonly value: Code
  readonly reads: ReadonlySet<Variable>
  readonly readsMemory: boolean
  readonly depth: number
}

class Substitution {
  private moving = new Map<Variable, Moving>()
  private readonly moved = new Set<Statement>()

  constructor(private readonly uses: Uses) {}

  block(statements: readonly Statement[]): readonly Statement[] {
    return statements.map((statement) => this.statement(statement))
  }

  /** The value that is returned. */
  last(code: Code): Code {
    return this.code(code)
  }

  /** The statements whose values have moved are gone. */
  without(statements: readonly Statement[]): readonly Statement[] {
    return statements
      .filter((statement) => !this.moved.has(statement))
      .map((statement): Statement => {
        if (statement.kind === 'while') return { ...statement, body: this.without(statement.body) }
        if (statement.kind === 'if')
          return { ...statement, yes: this.without(statement.yes), no: this.without(statement.no) }
        return statement
      })
  }

  private statement(statement: Statement): Statement {
    switch (statement.kind) {
      case 'comment':
        return statement
      case 'set': {
        const value = this.code(statement.value)
        const made: Statement = { ...statement, value }
        this.isSet(statement.variable)
        if (this.uses.isOnce(statement.variable)) this.start(statement.variable, made, value)
        return made
      }
      case 'if': {
        const condition = this.code(statement.condition)
        const before = this.moving
        const arm = (inner: readonly Statement[]): readonly Statement[] => {
          this.moving = new Map(before)
          return this.block(inner)
        }
        const made: Statement = { ...statement, condition, yes: arm(statement.yes), no: arm(statement.no) }
        this.moving = new Map([...before].filter(([, { statement: from }]) => !this.moved.has(from)))
        this.leave(statement)
        return made
      }
      case 'while': {
        this.leave(statement)
        const before = this.moving
        this.moving = new Map()
        const body = this.block(statement.body)
        this.moving = before
        return { ...statement, body }
      }
      case 'store': {
        const args = this.codes(statement.args)
        this.writesMemory()
        return { ...statement, args }
      }
      case 'call': {
        const args = this.codes(statement.args)
        this.writesMemory()
        return { ...statement, args }
      }
      case 'fill': {
        const made = { ...statement, at: this.code(statement.at), bytes: this.code(statement.bytes) }
        this.writesMemory()
        return made
      }
      case 'copy': {
        const [to, from, bytes] = [statement.to, statement.from, statement.bytes].map((code) =>
          this.code(code),
        )
        this.writesMemory()
        return { ...statement, to, from, bytes }
      }
    }
  }

  private start(variable: Variable, statement: Statement, value: Code): void {
    const reads = new Set<Variable>()
    let readsMemory = false
    const depthOf = (code: Code): number => {
      if (code.kind === 'get') reads.add(code.variable)
      if (code.kind === 'apply' && instructionOf(code.instruction).align !== undefined) readsMemory = true
      let deepest = 0
      const parts = partsOf(code)
      for (let at = 0; at < parts.length; at++) deepest = Math.max(deepest, depthOf(parts[at]))
      return 1 + deepest
    }
    const depth = depthOf(value)
    if (depth < DEEPEST) this.moving.set(variable, { statement, value, reads, readsMemory, depth })
  }

  /** Values that read it stay where they are. */
  private isSet(variable: Variable): void {
    for (const [own, { reads }] of this.moving) if (reads.has(variable)) this.moving.delete(own)
  }

  private writesMemory(): void {
    for (const [own, { readsMemory }] of this.moving) if (readsMemory) this.moving.delete(own)
  }

  /** What statements inside have changed. */
  private leave(statement: Statement): void {
    const pending = [...blocksOf(statement)]
    for (let block = pending.pop(); block && this.moving.size > 0; block = pending.pop())
      for (const next of block) {
        if (next.kind === 'set') this.isSet(next.variable)
        else if (next.kind !== 'comment') this.writesMemory()
        pending.push(...blocksOf(next))
      }
  }

  private code(code: Code): Code {
    if (this.moving.size === 0) return code
    if (code.kind === 'get') {
      const moving = this.moving.get(code.variable)
      if (!moving) return code
      this.moving.delete(code.variable)
      this.moved.add(moving.statement)
      return moving.value
    }
    const parts = partsOf(code)
    if (parts.length === 0) return code
    const made = this.codes(parts)
    return made === parts ? code : withParts(code, made)
  }

  /** The same list where nothing has moved. */
  private codes(list: readonly Code[]): readonly Code[] {
    let made: Code[] | undefined
    for (let at = 0; at < list.length; at++) {
      const code = this.code(list[at])
      if (code !== list[at]) made ??= [...list]
      if (made) made[at] = code
    }
    return made ?? list
  }
}

function withParts(code: Code, parts: readonly Code[]): Code {
  switch (code.kind) {
    case 'apply':
    case 'invoke':
      return { ...code, args: parts }
    case 'shuffle':
      return { ...code, args: [parts[0], parts[1]] }
    case 'choose':
      return { ...code, condition: parts[0], yes: parts[1], no: parts[2] }
    case 'constant':
    case 'vector':
    case 'get':
      return code
  }
}
