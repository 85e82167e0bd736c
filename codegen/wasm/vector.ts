/** Innermost loops over entries that lie side by side, four or two at a time. The last steps are run again where the number of steps is no multiple. */
import type {
  Accumulate,
  Buffer,
  Local,
  Loop,
  Scalar,
  Statement,
  Store,
} from '../../src/schedule/loop-program.js'
import { affineOf, distance } from './affine.js'
import type { Body } from './body.js'
import { type Code, type Variable, get, i32, op, opAt, plus, vector } from './code.js'
import type { NestSum } from './nest-sums.js'
import type { Places, ScalarLowering } from './scalar.js'
import type { Unit } from './unit.js'
import { stepsOf } from './vector-body.js'
import { planVector, type VectorPlan } from './vector-plan.js'
import { type Width, widthOfStore, widthOfSum } from './widths.js'
import { type Parts, VectorValues } from './vector-values.js'

/** What a loop is written into. */
export interface LoopContext extends Places {
  readonly body: Body
  readonly scalars: ScalarLowering
  readonly unit: Unit
  /** The memory that a buffer lies in. */
  shared(buffer: Buffer): Buffer
  /** The loop one step at a time, from a step on. */
  plainLoop(loop: Loop, from: Code, to: Code): void
  /** The loop with another body. */
  uniformLoop(loop: Loop, write: () => void): void
  /** Where lanes are added up in a nest of loops around this one. */
  sumAround(local: Local): NestSum | undefined
  /** A statement that is the same for all steps. */
  statement(statement: Statement): void
  /** `local = local operator value`. */
  update(local: Local, operator: Accumulate['operator'], value: Code): void
}

/** Writes the loop in vectors, if that can be. */
export function vectorise(context: LoopContext, loop: Loop): boolean {
  const plan = planVector(loop, (buffer) => context.shared(buffer))
  if (!plan) return false
  new VectorLoop(context, loop, plan).write()
  return true
}

interface Sum {
  readonly statement: Accumulate
  readonly width: Width
  readonly parts: readonly Variable[]
}

class VectorLoop {
  private readonly values: VectorValues
  private readonly sums: Sum[] = []
  private readonly index: Variable
  /** The lanes that were not run before, if some may have been. */
  private fresh: Code | undefined
  /** The conditions around. */
  private readonly guards: Parts[] = []

  constructor(
    private readonly context: LoopContext,
    private readonly loop: Loop,
    private readonly plan: VectorPlan,
  ) {
    const { body } = context
    this.index = body.variable('i32', loop.index.name)
    const at = plan.isRepeatable ? body.variable('i32', `${loop.index.name}At`) : this.index
    this.values = new VectorValues(body, context.scalars, context, plan, at, context.unit)
  }

  write(): void {
    const { loop, plan, context } = this
    const { body, scalars } = context
    const { lanes } = plan
    const from = body.let(scalars.whole(loop.from), 'from')
    const to = body.let(scalars.whole(loop.to), 'to')
    const known = stepsOf(loop)
    const enough = op('i32.ge_s', op('i32.sub', to, from), i32(lanes))
    if (plan.isRepeatable) {
      if (known !== undefined) this.steps(from, to, known % lanes === 0)
      else body.if(enough, () => this.steps(from, to, false), () => context.plainLoop(loop, from, to)) // prettier-ignore
      return
    }
    body.set(this.index, from)
    body.if(enough, () => this.steps(from, plus(to, i32(1 - lanes)), true))
    if (known === undefined || known % lanes !== 0) context.plainLoop(loop, get(this.index), to)
  }

  /** `exact`: all steps are whole vectors. */
  private steps(from: Code, to: Code, exact: boolean): void {
    const { context, plan, index, values, loop } = this
    const { body } = context
    const last = exact ? undefined : body.let(plus(to, i32(-plan.lanes)), 'last')
    const { statements } = body.capture(() => {
      if (last && plan.hasSums) this.fresh = this.freshLanes()
      this.block(loop.body)
      return i32(0)
    })
    body.append(values.hoisted)
    for (const sum of this.sums) this.start(sum)
    body.count(index, from, to, plan.lanes, () => {
      if (values.at !== index) {
        const own = get(index)
        body.set(values.at, last ? op('i32.select', own, last, op('i32.lt_s', own, last)) : own)
      }
      body.append(values.memory.first)
      body.append(statements)
    })
    for (const sum of this.sums) this.finish(sum)
  }

  private freshLanes(): Code {
    const done = op('i32x4.splat', op('i32.sub', get(this.index), get(this.values.at)))
    return this.context.body.let(op('i32x4.ge_s', vector('i32x4', 0, 1, 2, 3), done), 'fresh')
  }

  // ── Statements ───────────────────────────────────────────────────────────────────────────────────────────

  private block(statements: readonly Statement[]): void {
    for (let at = 0; at < statements.length; at++) {
      const [statement, next] = [statements[at], statements.at(at + 1)]
      if (statement.kind === 'store' && next?.kind === 'store' && this.areInTurn(statement, next)) {
        this.storeInTurn(statement, next)
        at++
      } else this.statement(statement)
    }
  }

  /** Whether two stores of 32 bits fill every other place each. */
  private areInTurn(first: Store, second: Store): boolean {
    const { plan, guards } = this
    if (first.buffer !== second.buffer || first.accumulate || second.accumulate) return false
    if (plan.lanes !== 4 || first.buffer.element === 'f64' || guards.length > 0 || !plan.isRepeatable)
      return false
    const [a, b] = [first, second].map(({ offset }) => affineOf(offset, plan.scope))
    return a?.coefficient === 2 && b !== undefined && distance(b, a) === 1
  }

  private storeInTurn(first: Store, second: Store): void {
    const [[even], [odd]] = [first, second].map((store) => this.stored(store))
    this.values.memory.storeInTurn(first.buffer, first.offset, even, odd)
  }

  private statement(statement: Statement): void {
    const { values, plan } = this
    switch (statement.kind) {
      case 'constant':
        if (!plan.scope.varies(statement.value)) this.context.statement(statement)
        else if (statement.local.type === 'condition') {
          values.assign(statement.local, values.mask(statement.value, this.maskWidth), this.maskWidth)
        } else if (plan.widths.has(statement.local)) this.assign(statement.local, statement.value, false)
        return
      case 'variable':
        // Where nothing is said, an arm of a branch says it before it is read.
        if (statement.local.type === 'integer')
          values.assignWhole(statement.local, statement.value ? values.whole(statement.value) : vector('i32x4', 0)) // prettier-ignore
        else if (statement.value) this.assign(statement.local, statement.value, false)
        return
      case 'assign':
        this.assign(statement.local, statement.value, true)
        return
      case 'loop':
        this.inner(statement)
        return
      case 'accumulate':
        this.accumulate(statement)
        return
      case 'store':
        this.store(statement)
        return
      case 'branch': {
        // Once: what it asks may be set in an arm.
        const masks = values.mask(statement.condition, this.maskWidth)
        this.guards.push(masks)
        this.block(statement.consequent)
        this.guards.pop()
        if (statement.alternate.length === 0) return
        this.guards.push(masks.map((mask) => op('v128.not', mask)))
        this.block(statement.alternate)
        this.guards.pop()
        return
      }
      case 'title':
      case 'remark':
        return
      default:
        throw new Error(`'${statement.kind}' has no vectors`)
    }
  }

  private get maskWidth(): Width {
    return this.plan.lanes === 4 ? 'f32' : 'f64'
  }

  private widthOf(local: Local): Width {
    return this.plan.widths.get(local) ?? 'f64'
  }

  /** A loop inside: all steps run through it together. */
  private inner(loop: Loop): void {
    const { values, context } = this
    values.forget()
    context.uniformLoop(loop, () => {
      this.block(loop.body)
      values.forget()
    })
  }

  private assign(local: Local, value: Scalar, isGuarded: boolean): void {
    const { values } = this
    const before = values.wholeOf(local)
    if (before) {
      const made = values.whole(value)
      const masks = isGuarded ? this.condition('f32', false) : undefined
      values.assignWhole(local, masks ? op('v128.bitselect', made, before, masks[0]) : made)
      return
    }
    const width = this.widthOf(local)
    const made = values.real(value, width)
    const old = values.valueOf(local)
    values.assign(local, isGuarded && old ? this.where(made, old, width) : made, width)
  }

  /** The new value where the conditions around hold. */
  private where(made: Parts, old: Parts, width: Width): Parts {
    const masks = this.condition(width, false)
    if (!masks) return made
    const m = this.values.arithmeticOf(width)
    return made.map((part, at) => m.select(masks[at], part, old[at]))
  }

  /** The conditions around, and that the step was not run before. */
  private condition(width: Width, withFresh: boolean): Parts | undefined {
    const { values, fresh } = this
    const all = this.guards.map((masks) => values.convertMask(masks, this.maskWidth, width))
    if (withFresh && fresh) all.push(values.convertMask([fresh], 'f32', width))
    if (all.length === 0) return undefined
    return all.reduce((left, right) => left.map((mask, at) => op('v128.and', mask, right[at])))
  }

  /** The value as it goes into memory. */
  private stored(statement: Store): Parts {
    const { values, plan } = this
    const { element } = statement.buffer
    if (element === 'i32') return [values.whole(statement.value)]
    const width = widthOfStore(statement, plan.lanes)
    return values.convert(values.real(statement.value, width), width, element)
  }

  private store(statement: Store): void {
    const { values } = this
    const { buffer, offset, accumulate } = statement
    if (buffer.element === 'i32') {
      values.memory.store(buffer, offset, this.stored(statement))
      return
    }
    const { element } = buffer
    const made = this.stored(statement)
    if (accumulate) {
      const m = values.arithmeticOf(element)
      const masks = this.condition(element, true)
      const old = values.current(buffer, offset, element)
      const added = masks ? made.map((part, at) => op('v128.and', part, masks[at])) : made
      values.memory.store(buffer, offset, old.map((part, at) => m.add(part, added[at]))) // prettier-ignore
    } else {
      const masks = this.condition(element, false)
      values.memory.store(buffer, offset, masks ? this.where(made, values.current(buffer, offset, element), element) : made) // prettier-ignore
    }
    if (!this.plan.isRepeatable) values.forget()
  }

  // ── Sums ─────────────────────────────────────────────────────────────────────────────────────────────────

  private accumulate(statement: Accumulate): void {
    const { values, context, plan } = this
    const { body } = context
    const { local, operator, value } = statement
    const own = plan.scope.settings.has(local) ? values.valueOf(local) : undefined
    if (own) {
      const width = this.widthOf(local)
      const m = values.arithmeticOf(width)
      const made = values.real(value, width).map((part, at) => m[operator](own[at], part))
      values.assign(local, this.where(made, own, width), width)
      return
    }
    const computed = widthOfSum(statement, plan.lanes, plan.scope)
    const few = operator === 'add' && computed === 'f32' ? context.sumAround(local)?.few : undefined
    const isShort = operator === 'add' && (stepsOf(this.loop) ?? Infinity) <= SHORT_SUM
    const isRounded = few !== undefined || isShort || operator === 'max' || operator === 'min'
    const width: Width = isRounded ? computed : 'f64'
    const made = values.convert(values.real(value, computed), computed, width)
    const sum: Sum = {
      statement,
      width,
      parts: few ? [few] : made.map(() => body.variable('v128', statement.local.name)),
    }
    // What a loop around starts, it finishes.
    if (!few) this.sums.push(sum)
    const m = values.arithmeticOf(width)
    const masks = this.condition(width, true)
    const neutral = m.number(NEUTRAL[operator])
    for (const [at, part] of made.entries()) {
      const own = masks ? m.select(masks[at], part, neutral) : part
      body.set(sum.parts[at], m[operator](get(sum.parts[at]), own))
    }
  }

  private start({ statement, width, parts }: Sum): void {
    const m = this.values.arithmeticOf(width)
    for (const part of parts) this.context.body.set(part, m.number(NEUTRAL[statement.operator]))
  }

  /** The lanes together, and what was there before. */
  private finish({ statement: { local, operator }, width, parts }: Sum): void {
    const { values, context } = this
    const { body } = context
    const around = operator === 'add' ? context.sumAround(local) : undefined
    if (around) {
      const wide = values.convert(parts.map(get), width, 'f64')
      for (const [at, total] of around.parts(wide.length).entries())
        body.set(total, op('f64x2.add', get(total), wide[at]))
      return
    }
    const kept: Width = operator === 'add' ? 'f64' : width
    const m = values.arithmeticOf(kept)
    const whole = body.let(values.convert(parts.map(get), width, kept).reduce((left, right) => m[operator](left, right))) // prettier-ignore
    const lane = (at: number): Code =>
      kept === 'f64'
        ? opAt({ lane: at }, 'f64x2.extract_lane', whole)
        : op('f64.promote_f32', opAt({ lane: at }, 'f32x4.extract_lane', whole))
    const lanes = Array.from({ length: kept === 'f64' ? 2 : 4 }, (_, at) => lane(at))
    context.update(
      local,
      operator,
      lanes.reduce((left, right) => op(`f64.${operator}`, left, right)),
    )
  }
}

/** Sums over at most so many steps are made in the type of their terms, then added up in 64 bits. */
const SHORT_SUM = 256

const NEUTRAL: Readonly<Record<Accumulate['operator'], number>> = {
  add: 0,
  mul: 1,
  max: -Infinity,
  min: Infinity,
}
