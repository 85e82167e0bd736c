/** In which type each variable of a body is kept: in 64 bits if any use asks for that. */
import type { Local, Scalar } from '../../src/schedule/loop-program.js'
import type { LoopScope } from './affine.js'
import { asSimple, type Simple, stepsOf, within } from './vector-body.js'
import { type Width, widthOf, widthOfStore, widthOfSum } from './widths.js'

/** Sums of more terms than this are not made in 32 bits. */
export const LONG_SUM = 1024

export function widthsOf(
  body: readonly Simple[],
  scope: LoopScope,
  lanes: 2 | 4,
  declared: ReadonlySet<Local>,
): ReadonlyMap<Local, Width> {
  const demand = new Demand(scope, lanes)
  demand.widenSums(body, 1)
  // What is used at the start of a step of a loop inside may be set at the end of the one before.
  for (let known = -1; known < demand.size;) {
    known = demand.size
    demand.all(body)
  }
  for (const local of declared) if (local.type === 'real') demand.widths.set(local, demand.widthFor(local))
  return demand.widths
}

class Demand {
  readonly widths = new Map<Local, Width>()
  private readonly demanded: Readonly<Record<Width, Set<Scalar>>> = { f32: new Set(), f64: new Set() }

  constructor(
    private readonly scope: LoopScope,
    private readonly lanes: 2 | 4,
  ) {}

  /** How much has been asked for. */
  get size(): number {
    return this.demanded.f32.size + this.demanded.f64.size
  }

  all(statements: readonly Simple[]): void {
    for (const statement of [...statements].reverse()) {
      switch (statement.kind) {
        case 'store':
          if (statement.buffer.element !== 'i32')
            this.demand(statement.value, widthOfStore(statement, this.lanes))
          break
        case 'accumulate':
          this.demand(
            statement.value,
            this.scope.settings.has(statement.local)
              ? this.widthFor(statement.local)
              : widthOfSum(statement, this.lanes, this.scope),
          )
          break
        case 'loop':
          this.all(asSimple(statement.body))
          break
        case 'constant':
        case 'variable':
        case 'assign':
          if (statement.value) this.demand(statement.value, this.widthFor(statement.local))
          break
        case 'branch':
          this.all(asSimple(statement.alternate))
          this.all(asSimple(statement.consequent))
          this.demand(statement.condition, 'f32')
          break
        case 'title':
        case 'remark':
      }
    }
  }

  /** Long sums are kept in 64 bits. */
  widenSums(statements: readonly Simple[], times: number): void {
    for (const statement of statements) {
      if (statement.kind === 'accumulate' && this.scope.sums.has(statement.local) && !(times <= LONG_SUM))
        this.widths.set(statement.local, 'f64')
      if (statement.kind === 'branch') this.widenSums(within(statement), times)
      if (statement.kind === 'loop')
        this.widenSums(within(statement), times * (stepsOf(statement) ?? Infinity))
    }
  }

  widthFor(local: Local): Width {
    return this.widths.get(local) ?? (this.lanes === 4 ? 'f32' : 'f64')
  }

  private demand(root: Scalar, wanted: Width): void {
    const pending: [Scalar, Width][] = [[root, this.lanes === 2 ? 'f64' : wanted]]
    for (let next = pending.pop(); next; next = pending.pop()) {
      const [node, asked] = next
      if (node.kind === 'number' || node.kind === 'load' || !this.scope.varies(node)) continue
      const width = node.kind === 'apply' ? widthOf(node, asked, this.lanes, this.scope) : asked
      if (this.demanded[width].has(node)) continue
      this.demanded[width].add(node)
      if (node.kind === 'local') {
        if (node.local.type === 'real' && (width === 'f64' || !this.widths.has(node.local)))
          this.widths.set(node.local, width)
        continue
      }
      for (const arg of node.args) pending.push([arg, width])
    }
  }
}
