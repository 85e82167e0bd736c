/** Which loops can run several steps at a time: four where anything is stored as f32, else two. */
import type {
  Buffer,
  Load,
  Local,
  Loop,
  NumberScalar,
  Scalar,
  Store,
} from '../../src/schedule/loop-program.js'
import { nodesOf } from '../../src/schedule/scalars.js'
import { type Affine, affineOf, isApart, type LoopScope } from './affine.js'
import { widthsOf } from './demand.js'
import { ELEMENTARY } from './math/elementary.js'
import { asSimple, isSimple, opened, type Simple, stepsOf, storesIn } from './vector-body.js'
import { isComparison, isWholeIn, type Width } from './widths.js'

export interface VectorPlan {
  readonly scope: LoopScope
  /** Steps at a time. */
  readonly lanes: 2 | 4
  /** The type of each real local that the body declares. */
  readonly widths: ReadonlyMap<Local, Width>
  /** Steps may be run twice, as long as sums are masked. */
  readonly isRepeatable: boolean
  readonly hasSums: boolean
}

/** `shared` tells the memory that a buffer lies in. */
export function planVector(loop: Loop, shared: (buffer: Buffer) => Buffer): VectorPlan | undefined {
  if (loop.descending || loop.step !== 1 || !isSimple(loop.body)) return undefined
  return new Planner(loop, loop.body, shared).plan()
}

class Planner {
  private readonly constants = new Map<Local, Scalar>()
  private readonly settings = new Map<Local, Scalar[]>()
  private readonly sums = new Set<Local>()
  private readonly varying = new Map<Scalar, boolean>()
  private readonly scope: LoopScope
  private hasLoops = false
  private readonly declared = new Set<Local>()
  private readonly changed = new Set<Local>()
  private readonly stores: { readonly store: Store; readonly position: Affine }[] = []
  private readonly loads = new Set<Load>()
  private readonly checked = new Set<Scalar>()
  private lanes: 2 | 4 = 2
  private hasSums = false

  constructor(
    private readonly loop: Loop,
    private readonly body: readonly Simple[],
    private readonly shared: (buffer: Buffer) => Buffer,
  ) {
    const { constants, settings, sums } = this
    this.scope = { index: loop.index, constants, settings, sums, varies: (scalar) => this.varies(scalar) }
  }

  /** Scalars are shallow, and constants stand for theirs. */
  private varies(node: Scalar): boolean {
    if (node.kind === 'number' || node.depth < this.loop.index.depth) return false
    let known = this.varying.get(node)
    if (known === undefined) this.varying.set(node, (known = this.findVarying(node)))
    return known
  }

  private findVarying(node: Exclude<Scalar, NumberScalar>): boolean {
    switch (node.kind) {
      case 'local': {
        if (node.local === this.loop.index || this.settings.has(node.local)) return true
        const value = this.constants.get(node.local)
        return value !== undefined && this.varies(value)
      }
      case 'load':
        return this.varies(node.offset)
      case 'apply':
        return node.args.some((arg) => this.varies(arg))
    }
  }

  plan(): VectorPlan | undefined {
    const all = opened(this.body)
    for (const statement of all) this.note(statement)
    if (!all.every((statement) => this.isStored(statement))) return undefined
    if (this.stores.length === 0 && !this.hasSums) return undefined
    if (!this.isSupported(this.body)) return undefined
    const nodes = nodesOf([...this.checked])
    for (const node of nodes) if (node.kind === 'load') this.loads.add(node)
    if ([...this.loads].some(({ buffer }) => buffer.element === 'f32') || this.stores.some(({ store }) => store.buffer.element === 'f32')) this.lanes = 4 // prettier-ignore
    if (!this.areIndependent(nodes) || !this.fits(nodes) || !this.isWorthIt()) return undefined
    if ((stepsOf(this.loop) ?? Infinity) < this.lanes) return undefined
    const { scope, lanes, hasSums } = this
    const widths = widthsOf(this.body, scope, lanes, this.declared)
    return { scope, lanes, widths, hasSums, isRepeatable: !this.updatesItself() }
  }

  private note(statement: Simple): void {
    switch (statement.kind) {
      case 'constant':
        this.declared.add(statement.local)
        this.constants.set(statement.local, statement.value)
        return
      case 'variable':
        this.declared.add(statement.local)
        this.settings.set(statement.local, statement.value ? [statement.value] : [])
        return
      case 'assign':
      case 'accumulate': {
        const settings = this.settings.get(statement.local)
        if (settings) settings.push(statement.value)
        else this.changed.add(statement.local)
        if (statement.kind === 'accumulate') {
          if (statement.operator === 'add' || statement.operator === 'mul') this.sums.add(statement.local)
          if (!settings) this.hasSums = true
        }
        return
      }
      case 'loop':
        this.hasLoops = true
        this.declared.add(statement.index)
        return
      case 'store':
        if (statement.accumulate) this.hasSums = true
        return
      case 'branch':
      case 'title':
      case 'remark':
    }
  }

  /** Whether what is changed outside the body is changed in a way that vectors can. */
  private isStored(statement: Simple): boolean {
    switch (statement.kind) {
      case 'assign':
        return this.declared.has(statement.local)
      case 'accumulate':
        return statement.local.type === 'real'
      case 'variable':
        return statement.local.type === 'real' || this.isWholeVariable(statement.local)
      case 'loop':
        return !this.varies(statement.from) && !this.varies(statement.to)
      case 'store': {
        const position = affineOf(statement.offset, this.scope)
        if (!position || position.coefficient === 0) return false
        this.stores.push({ store: statement, position })
        return statement.buffer.element !== 'i32' || (this.isWhole(statement.value) && !statement.accumulate)
      }
      default:
        return true
    }
  }

  private isWholeVariable(local: Local): boolean {
    return (this.settings.get(local) ?? []).every((value) => this.isWhole(value))
  }

  /**
   * A loop around others is worth it where neighbouring steps read neighbouring entries, as in convolutions: the others then add up, each step
   * for itself.
   */
  private isWorthIt(): boolean {
    if (!this.hasLoops) return true
    const steps = stepsOf(this.loop)
    if (steps !== undefined && steps % this.lanes !== 0 && steps < 4 * this.lanes) return false
    const isNear = (position: Affine | undefined, most: number): boolean =>
      position?.coefficient !== undefined && position.coefficient >= 0 && position.coefficient <= most
    return (
      this.stores.every(({ position }) => isNear(position, 1)) &&
      [...this.loads].every((load) => !this.varies(load) || isNear(affineOf(load.offset, this.scope), 2)) &&
      this.body.every((statement) => statement.kind !== 'loop' || !storesIn(statement))
    )
  }

  // ── What can be evaluated ────────────────────────────────────────────────────────────────────────────────

  private isSupported(statements: readonly Simple[], guards: readonly Scalar[] = []): boolean {
    return statements.every((statement) => {
      switch (statement.kind) {
        case 'constant':
          return (
            (statement.local.type === 'integer' && affineOf(statement.value, this.scope) !== undefined) ||
            this.canEvaluate(statement.value, guards)
          )
        case 'variable':
          return !statement.value || this.canEvaluate(statement.value, guards)
        case 'assign':
        case 'accumulate':
        case 'store':
          return this.canEvaluate(statement.value, guards)
        case 'loop':
          return this.isSupported(asSimple(statement.body), guards)
        case 'branch':
          return (
            this.canEvaluate(statement.condition, guards) &&
            this.isSupported(asSimple(statement.consequent), [...guards, statement.condition]) &&
            this.isSupported(asSimple(statement.alternate), [...guards, statement.condition])
          )
        case 'title':
        case 'remark':
          return true
      }
    })
  }

  private canEvaluate(root: Scalar, guards: readonly Scalar[]): boolean {
    this.checked.add(root)
    return this.canBeLanes(root, guards)
  }

  /** `guards`: conditions under which it is evaluated; those on data let what they guard be read all the same. */
  private canBeLanes(node: Scalar, guards: readonly Scalar[]): boolean {
    if (node.kind === 'number') return isNormal(node.value)
    if (node.depth < this.loop.index.depth)
      return !node.loads || guards.every((guard) => this.isOnData(guard))
    switch (node.kind) {
      case 'local':
        return node.local === this.loop.index || this.declared.has(node.local)
      case 'load':
        return (
          affineOf(node.offset, this.scope) !== undefined && guards.every((guard) => this.isOnData(guard))
        )
      case 'apply': {
        if (!(node.operator in ELEMENTARY)) return false
        if (node.operator === 'select' || node.operator === 'and' || node.operator === 'or') {
          const [condition, ...arms] = node.args
          return this.canBeLanes(condition, guards) && arms.every((arm) => this.canBeLanes(arm, [...guards, condition])) // prettier-ignore
        }
        return node.args.every((arg) => this.canBeLanes(arg, guards))
      }
    }
  }

  /** No condition on positions, which keep reads inside of arrays. */
  private isOnData(condition: Scalar): boolean {
    if (condition.kind === 'local') {
      const value = this.constants.get(condition.local)
      return value !== undefined && this.isOnData(value)
    }
    if (condition.kind !== 'apply') return false
    if (isComparison(condition.operator))
      return (
        condition.args.some(({ type }) => type === 'real') || condition.args.every((arg) => this.isDatum(arg))
      )
    return condition.type === 'condition' && condition.args.every((arg) => this.isOnData(arg))
  }

  /** A number that is known or read: no position follows from it alone. */
  private isDatum(scalar: Scalar): boolean {
    const constant = scalar.kind === 'local' ? this.constants.get(scalar.local) : undefined
    return constant ? this.isDatum(constant) : scalar.kind === 'number' || scalar.kind === 'load'
  }

  /** What a step reads, no other step writes. */
  private areIndependent(nodes: readonly Scalar[]): boolean {
    const outer = (node: Scalar): boolean => node.kind === 'local' && !this.declared.has(node.local)
    if (nodes.some((node) => outer(node) && node.kind === 'local' && this.changed.has(node.local)))
      return false
    const steps = stepsOf(this.loop) ?? Infinity
    for (const [at, { store, position }] of this.stores.entries()) {
      for (const load of this.loads) {
        if (this.shared(load.buffer) !== this.shared(store.buffer)) continue
        const read = affineOf(load.offset, this.scope)
        if (!read || !isApart(position, read, steps)) return false
      }
      for (const other of this.stores.slice(at + 1))
        if (
          this.shared(other.store.buffer) === this.shared(store.buffer) &&
          !isApart(position, other.position, steps)
        )
          return false
    }
    return true
  }

  private updatesItself(): boolean {
    return this.stores.some(({ store }) =>
      [...this.loads].some(({ buffer }) => this.shared(buffer) === this.shared(store.buffer)),
    )
  }

  /** All whole numbers that are values are so in lanes of 32 bits, or can be had in 64. */
  private fits(nodes: readonly Scalar[]): boolean {
    return nodes.every((node) => node.kind !== 'load' || node.buffer.element !== 'i32' || this.isWhole(node) || !this.varies(node)) // prettier-ignore
  }

  isWhole(node: Scalar): boolean {
    return isWholeIn(node, this.scope)
  }
}

/** Neither 0 nor infinite only because it is stored in 32 bits. */
const isNormal = (value: number): boolean =>
  value === 0 || !Number.isFinite(value) || (Math.abs(value) < 3e38 && Math.abs(value) > 1.2e-38)
