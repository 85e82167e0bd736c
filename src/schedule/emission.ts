/** What all emitters of one kernel share: scalars, storage, the loops that are open. */
import type { ComputedDef, Def, Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { substitute } from '../ir/walk.js'
import { nameOf } from './fuse.js'
import type { Buffer, ElementType, Local, Loop, Scalar, Statement } from './loop-program.js'
import type { Access, Layout } from './layout.js'
import { type Frame, Lowering } from './lower.js'
import type { RangedIndex } from './ranges.js'
import { Scalars } from './scalars.js'
import type { Storage } from './storage.js'

/** Where the elements of a definition go. */
export interface Target extends Layout {
  readonly buffer: Buffer
}

export class Emission {
  readonly scalars = new Scalars()
  readonly lowering: Lowering
  readonly temporaries: Buffer[] = []
  /** Numbers that grow along a loop. */
  readonly running = new Map<ComputedDef, readonly Local[]>()
  private readonly places = new Map<Def, Access>()
  private readonly values = new Map<Def, Scalar>()

  constructor(
    readonly graph: Graph,
    readonly storage: Storage,
    /** The storage of real tensors. */
    readonly element: 'f32' | 'f64',
    private readonly leaf: (def: Def) => Access,
  ) {
    this.lowering = new Lowering(graph, this.scalars, storage, (def) => this.accessTo(def))
  }

  /** The element type of panels. */
  get sums(): 'f32' | 'f64' {
    return this.storage.machine.narrow ? this.element : 'f64'
  }

  runningSums(def: ComputedDef): readonly Local[] {
    const locals = this.running.get(def)
    if (!locals) throw new Error(`'${def.name}' is added to before it starts`)
    return locals
  }

  accessTo(def: Def): Access {
    const value = this.values.get(def)
    if (value) return { kind: 'value', scalar: value }
    let place = this.places.get(def)
    if (!place) {
      if (def.kind === 'computed') throw new Error(`'${def.name}' is read before it is computed`)
      this.places.set(def, (place = this.leaf(def)))
    }
    return place
  }

  /** A scalar result: a local of the block that computes it. User-written names are kept. */
  setValue(def: ComputedDef, value: Scalar): void {
    if (value.kind === 'apply' && (!def.auto || this.storage.isRoot(def)))
      this.scalars.keep(value, plainName(def))
    this.values.set(def, value)
  }

  setTarget(def: Def, target: Target): void {
    this.places.set(def, { kind: 'buffer', ...target })
  }

  target(def: ComputedDef): Target | undefined {
    const place = this.places.get(def)
    return place?.kind === 'buffer' ? place : undefined
  }

  temporary(
    name: string,
    def: Def,
    element: ElementType,
    extents: readonly Expr[],
    scratch?: Buffer['scratch'],
  ): Buffer {
    const buffer: Buffer = { name, role: 'temp', element, def, extents, ...(scratch && { scratch }) }
    this.temporaries.push(buffer)
    return buffer
  }

  local(name: string, type: Local['type'], depth: number, natural = false): Local {
    return { name, type, depth, natural }
  }

  value(e: Expr, at?: Frame): Scalar {
    return this.lowering.value(e, at)
  }

  /** Fresh indices for some of a definition's own, over loop indices; `at` receives them. */
  open(def: ComputedDef, indices: readonly Index[], at: Map<Index, Expr>): Index[] {
    return indices.map((own) => {
      const index = this.graph.freshIndex(substitute(this.graph, own.extent, at), nameOf(def, own))
      at.set(own, index)
      return index
    })
  }

  /** The local of a loop index, at a depth. */
  bind(index: Index, depth: number): Local {
    const local = this.local(this.graph.indexNames.get(index) ?? 'i', 'integer', depth, true)
    this.lowering.locals.set(index, local)
    return local
  }

  /** A loop over the whole extent of an index, or a part of it. */
  loop(
    index: Index,
    depth: number,
    body: (depth: number) => Statement[],
    range: { readonly from: Expr; readonly to: Expr } = { from: this.graph.zero, to: index.extent },
  ): Loop {
    const from = this.value(range.from)
    const to = this.value(range.to)
    const local = this.bind(index, depth + 1)
    if (range.to !== index.extent) {
      this.scalars.hint(from, `${local.name}From`)
      this.scalars.hint(to, `${local.name}To`)
    }
    return { kind: 'loop', index: local, from, to, step: 1, descending: false, body: body(depth + 1) }
  }

  /** Loops over ranges, each with the conditions of its steps, around a body. */
  ranged(loops: readonly RangedIndex[], depth: number, body: (depth: number) => Statement[]): Statement[] {
    const [first, ...rest] = loops
    if (!first) return body(depth)
    const from = this.value(first.from)
    if (this.graph.sub(first.to, first.from) === this.graph.one) {
      this.lowering.assign(first.index, from)
      return this.when(first.conditions, () => this.ranged(rest, depth, body))
    }
    const to = this.value(first.to)
    const local = this.bind(first.index, depth + 1)
    this.scalars.hint(from, `${local.name}From`)
    this.scalars.hint(to, `${local.name}To`)
    const inside = this.when(first.conditions, () => this.ranged(rest, depth + 1, body))
    return [{ kind: 'loop', index: local, from, to, step: 1, descending: false, body: inside }]
  }

  when(conditions: readonly Expr[], body: () => Statement[]): Statement[] {
    const tests = conditions.map((condition) => this.value(condition)).filter((c) => c !== this.scalars.one)
    if (tests.length === 0) return body()
    return [{ kind: 'branch', condition: this.lowering.all(tests), consequent: body(), alternate: [] }]
  }
}

export const plainName = (def: Def): string => def.name.replaceAll('.', '_')
