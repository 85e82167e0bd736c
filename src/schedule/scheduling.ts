/** One method: from the results asked for to statements. */
import type { ComputedDef, Def, Expr, InputDef, Size } from '../ir/expr.js'
import { Dependencies, mentionedIn } from '../ir/dependencies.js'
import type { Graph } from '../ir/graph.js'
import { postorder, wholeRead } from '../ir/walk.js'
import { type Checkpoints, planCheckpoints } from './checkpoint.js'
import { contractStorage, type Group } from './contract.js'
import { Emission, plainName } from './emission.js'
import { allocate, emitItems } from './emit.js'
import { lifetimesOf } from './lifetimes.js'
import { nameValues } from './locals.js'
import type { Buffer, Local, Method, MethodResult, Scalar, Statement } from './loop-program.js'
import type { Access } from './layout.js'
import type { Machine } from './machine.js'
import { type Operands, planOperands } from './operands.js'
import { type Need, needsOf } from './needs.js'
import { place } from './place.js'
import { findSamples, type SampleLoop } from './samples.js'
import { shareScratch } from './scratch.js'
import { splitBody, touchedIn } from './split.js'
import { Storage } from './storage.js'
import { findTakeOvers } from './take-over.js'
import type { MethodSpec } from './wanted.js'
import { elementOf } from './words.js'

const NO_CHECKPOINTS: Checkpoints = { loops: [], replaced: new Map(), remarks: [] }

/** The statements of a method, before values are named: what every call needs, what hangs on flags, copies of results at the end. */
export interface Emitted {
  readonly always: readonly Statement[]
  readonly optional: readonly Statement[]
  readonly statements: readonly Statement[]
  readonly results: readonly MethodResult[]
}

export class Scheduling {
  private readonly locals = new Map<Def, Local>()
  private readonly flags = new Map<InputDef, Local>()
  private readonly sizes: Size[] = []
  private readonly results = new Map<ComputedDef, Buffer>()
  private readonly emission: Emission
  private readonly storage: Storage
  private readonly live: readonly Def[]
  private readonly operands: Operands
  private readonly checkpoints: Checkpoints
  readonly samples: SampleLoop | undefined
  /** The results, and what is kept for loops over segments. */
  private readonly roots: readonly Def[]
  private readonly spec: MethodSpec
  private readonly names = new Map<Def, string>()

  constructor(
    private readonly graph: Graph,
    private readonly element: 'f32' | 'f64',
    spec: MethodSpec,
    machine: Machine,
    checkpoint: boolean,
    inBlocks: boolean,
  ) {
    const sources = spec.wanted.map((result) => ({ ...result, def: result.def && this.source(result.def) }))
    const results = [...new Set(sources.flatMap(({ def }) => (def ? [def] : [])))]
    this.checkpoints = checkpoint ? planCheckpoints(graph, results) : NO_CHECKPOINTS
    const { replaced, loops } = this.checkpoints
    const wanted = sources.map((result) => ({
      ...result,
      def: result.def && (replaced.get(result.def) ?? result.def),
    }))
    for (const [from, to] of replaced) {
      const name = this.names.get(from)
      if (name !== undefined) this.names.set(to, name)
    }
    this.spec = { ...spec, wanted }
    const kept = loops.flatMap(({ restores }) => [...restores.values()])
    const roots = [...new Set([...wanted.flatMap(({ def }) => (def ? [def] : [])), ...kept])]
    this.roots = roots
    const live = new Dependencies().components(roots).flat()
    const first = new Storage(graph, live, new Set(roots), machine, loops)
    const samples = inBlocks ? findSamples(graph, first) : undefined
    const along = samples && new Map<Def, number>(samples.axes)
    const plain = along ? new Storage(graph, live, new Set(roots), machine, loops, undefined, undefined, along) : first // prettier-ignore
    this.operands = planOperands(graph, plain, live, loops.length > 0)
    this.live = this.operands.live
    const { made } = this.operands
    for (const copy of made.keys()) {
      const axis = copy.idx.findIndex(({ extent }) => extent === samples?.blocks.extent)
      if (axis >= 0) along?.set(copy, axis)
    }
    this.storage =
      made.size > 0
        ? new Storage(graph, this.live, new Set(roots), machine, loops, this.operands, plain, along)
        : plain
    this.samples = samples && findSamples(graph, this.storage)
    this.emission = new Emission(graph, this.storage, element, (def) => this.leaf(def))
  }

  /** A result that is another definition under a new name is computed in place. */
  private source(def: Def): Def {
    let at = def
    for (;;) {
      const body = at.kind === 'computed' && !at.reduction && !at.routine ? at.body : undefined
      const whole = body && wholeRead(body, at.idx)
      if (whole?.kind !== 'computed' || whole.integer !== at.integer) return at
      at = whole
      if (at.kind === 'computed' && at.auto) this.names.set(at, def.name)
    }
  }

  emit(): Emitted {
    const { spec, emission, storage } = this
    this.bindSizes()
    for (const { length, count } of this.checkpoints.loops) {
      emission.scalars.hint(emission.value(length), 'steps')
      emission.scalars.hint(emission.value(count), 'segments')
    }
    for (const { optional } of spec.wanted)
      if (optional && !this.flags.has(optional))
        this.flags.set(optional, { name: `with_${plainName(optional)}`, type: 'condition', depth: 0 })
    const needs = needsOf(this.spec.wanted, this.roots, [...this.flags.keys()], this.operands.made, (def) =>
      this.isInSegments(def),
    )
    this.makeResults(needs)
    const groups = this.groups(needs)
    const shapes = contractStorage(this.graph, storage, groups, this.checkpoints.loops, this.samples)
    const context = {
      emission,
      shapes,
      results: this.results,
      names: this.names,
      titles: new Map(this.checkpoints.loops.flatMap(({ titles }) => [...titles])),
      isWanted: (flags: readonly number[]) => this.isWanted(flags),
    }
    for (const group of groups) allocate(context, group.items)
    const of = (group: Group): Statement[] => this.guarded(group, emitItems(context, group.items, 0, false))
    const always = groups.filter(({ flags }) => flags.length === 0).flatMap(of)
    const optional = groups.filter(({ flags }) => flags.length > 0).flatMap(of)
    return { always, optional, ...this.ends() }
  }

  /** The method, with its statements in an order in which they can stand. */
  finish({ statements, results }: Emitted, body: readonly Statement[]): Method {
    const { emission } = this
    const values = results.flatMap(({ value }) => (value.kind === 'scalar' ? [value.value] : []))
    const named = nameValues(emission.scalars, [...body, ...statements], values)
    let next = 0
    const finished = results.map((result): MethodResult =>
      result.value.kind === 'scalar'
        ? { ...result, value: { kind: 'scalar', value: named.results[next++] } }
        : result,
    )
    return this.method(named.body, finished, named.results)
  }

  /** Where data are found: scalars in locals, tensors in buffers. */
  private leaf(def: Def): Access {
    if (def.kind !== 'table' && def.idx.length === 0) return { kind: 'value', scalar: this.emission.scalars.local(this.scalarLocal(def)) } // prettier-ignore
    const role = def.kind === 'param' ? 'param' : def.kind === 'table' ? 'table' : 'input'
    const element = elementOf(def, def.kind === 'table' ? 'f64' : this.element)
    const extents = def.idx.map((index) => index.extent)
    return {
      kind: 'buffer',
      buffer: { name: plainName(def), role, element, def, extents },
      axes: def.idx.map((_, axis) => axis),
    }
  }

  private scalarLocal(def: Def): Local {
    let local = this.locals.get(def)
    if (!local)
      this.locals.set(
        def,
        (local = { name: plainName(def), type: def.integer ? 'integer' : 'real', depth: 0 }),
      )
    return local
  }

  private bindSizes(): void {
    const sizes = new Set<Size>()
    for (const def of this.live) {
      const { body, reduction } = def.kind === 'computed' ? def : {}
      const roots = [
        ...def.idx.map((index) => index.extent),
        ...(body ? [body] : []),
        ...(reduction ? [...reduction.filter, ...reduction.idx.map((index) => index.extent)] : []),
      ]
      for (const root of roots) for (const size of mentionedIn(root).sizes) sizes.add(size)
    }
    for (const node of sizes) {
      this.sizes.push(node)
      this.emission.lowering.locals.set(node, { name: node.name, type: 'integer', depth: 0, natural: true })
    }
  }

  /** What is computed although an optional result is not asked for has memory of its own, and is copied when it is. */
  private makeResults(needs: ReadonlyMap<Def, Need>): void {
    for (const { def, path, like, optional } of this.spec.wanted) {
      if (def?.kind !== 'computed' || def.idx.length === 0 || this.results.has(def)) continue
      // Routines work in 64 bits: the result is copied out of them.
      if (def.routine && this.element === 'f32') continue
      const need = needs.get(def)
      if (!optional || (need && need !== 'always' && need.size === 1))
        this.results.set(def, this.resultBuffer(def, path, like))
      else this.names.delete(def)
    }
  }

  /** Gradients are real numbers also where they are known to be whole. */
  private resultBuffer(def: Def, path: readonly string[], like: Def): Buffer {
    const element = elementOf(like, this.element)
    return {
      name: path.join('_'),
      role: 'result',
      element,
      def,
      extents: def.idx.map((index) => index.extent),
    }
  }

  // ── Groups of optional results ───────────────────────────────────────────────────────────────────────────

  /** Nests by the flags under which they are needed: what every call needs first, then from many flags to few. */
  private groups(needs: ReadonlyMap<Def, Need>): Group[] {
    const { storage } = this
    const flagsOf = (def: ComputedDef): readonly number[] => {
      const need = needs.get(def) ?? 'always'
      return need === 'always' ? [] : [...need].sort((a, b) => a - b)
    }
    const byKey = new Map<string, { flags: readonly number[]; defs: ComputedDef[] }>()
    for (const def of storage.stored) {
      const flags = this.isInSegments(def) ? [] : flagsOf(def)
      const key = flags.join()
      const present = byKey.get(key)
      if (present) present.defs.push(def)
      else byKey.set(key, { flags, defs: [def] })
    }
    return [...byKey.values()]
      .sort((a, b) => rank(b.flags) - rank(a.flags))
      .map(({ flags, defs }) => ({
        flags,
        items: place(
          this.graph,
          storage,
          defs,
          flags.length === 0 ? { loops: this.checkpoints.loops, samples: this.samples, flagsOf } : undefined,
        ),
      }))
  }

  private guarded(group: Group, statements: Statement[]): Statement[] {
    if (group.flags.length === 0) return statements
    return [{ kind: 'branch', condition: this.isWanted(group.flags), consequent: statements, alternate: [] }]
  }

  private isWanted(numbers: readonly number[]): Scalar {
    const { scalars } = this.emission
    const flags = [...this.flags.values()]
    return numbers
      .map((number) => scalars.local(flags[number]))
      .reduce((any, flag) => scalars.apply('or', [any, flag]))
  }

  private isInSegments(def: Def): boolean {
    if (def.kind !== 'computed') return false
    const { samples } = this
    if (samples) return samples.axes.has(def) || samples.sums.has(def) || samples.copies.has(def)
    return this.checkpoints.loops.some(({ tiles, perSegment }) => tiles.has(def) || perSegment.has(def))
  }

  // ── Results ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Each result has memory of its own: what is a result twice, or is data, is copied. */
  private ends(): Pick<Emitted, 'statements' | 'results'> {
    const taken = new Set<Buffer>()
    const statements: Statement[] = []
    const results = this.spec.wanted.map(({ kind, path, like, def, optional }): MethodResult => {
      const flag = optional && this.flags.get(optional)
      const base = { kind, path, like, flag }
      if (!def) return { ...base, value: { kind: 'zero' } }
      if (def.idx.length === 0) {
        const value = this.emission.value(this.graph.read(def, []))
        return { ...base, value: { kind: 'scalar', value } }
      }
      const made = def.kind === 'computed' ? this.results.get(def) : undefined
      if (made && !taken.has(made)) {
        taken.add(made)
        return { ...base, value: { kind: 'buffer', buffer: made } }
      }
      const source = made ?? this.dataBuffer(def)
      const buffer = this.resultBuffer(def, path, like)
      const copy: Statement = { kind: 'copy', from: source, to: buffer }
      const condition = flag && this.emission.scalars.local(flag)
      statements.push(condition ? { kind: 'branch', condition, consequent: [copy], alternate: [] } : copy)
      return { ...base, value: { kind: 'buffer', buffer } }
    })
    return { statements, results }
  }

  private dataBuffer(def: Def): Buffer {
    const access = this.emission.accessTo(def)
    if (access.kind !== 'buffer') throw new Error(`'${def.name}' has no memory`)
    return access.buffer
  }

  private method(
    body: readonly Statement[],
    results: readonly MethodResult[],
    values: readonly Scalar[],
  ): Method {
    const { spec, emission } = this
    const split = splitBody(body, values)
    const flags = new Set(this.flags.values())
    const hasScratch = emission.temporaries.some(({ scratch }) => scratch !== undefined)
    const hasOwn = emission.temporaries.some(({ scratch }) => scratch === undefined)
    const sharing = new Map([
      ...(hasScratch ? shareScratch(this.graph, body, flags) : []),
      ...(hasOwn ? findTakeOvers(body, values) : []),
    ])
    const touched = touchedIn(body, split, values)
    const used = touched.locals
    const buffers = new Set([...touched.buffers].map((buffer) => sharing.get(buffer) ?? buffer))
    for (const { value } of results) if (value.kind === 'buffer') buffers.add(value.buffer)
    const extents = postorder([...buffers].flatMap((buffer) => buffer.extents))
    const mentioned = new Set<Expr>(extents)
    // As declared; what is made stands as it is used.
    const given: readonly Def[] = [...spec.entry.inputs, ...spec.entry.params].map(({ def }) => def)
    const inExtents = new Set<Def>(extents.flatMap((node) => (node.kind === 'read' ? [node.def] : [])))
    return {
      name: spec.name,
      entry: spec.entry,
      body: split.body,
      sizes: this.sizes.flatMap((size) => {
        const local = emission.lowering.locals.get(size)
        return local && (used.has(local) || mentioned.has(size)) ? [{ size, local }] : []
      }),
      scalars: [...this.locals]
        .filter(([def, local]) => used.has(local) || inExtents.has(def))
        .map(([def, local]) => ({ def, local })),
      buffers: [...buffers].sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || given.indexOf(a.def) - given.indexOf(b.def)), // prettier-ignore
      sharing,
      lifetimes: buffers.size > 0 ? lifetimesOf(body, values, flags, sharing) : new Map(),
      seeds: spec.seeds,
      results,
      remarks: this.checkpoints.remarks,
      optional: [...this.flags].map(([input, flag]) => ({ input, flag })),
      parts: split.parts,
      state: split.state,
    }
  }
}

/** What is given comes before what is made. */
const ROLES: readonly Buffer['role'][] = ['input', 'param', 'table', 'temp', 'result']

const rank = (flags: readonly number[]): number => (flags.length === 0 ? Infinity : flags.length)
