import type { Expr } from './expr.js'

/** What passes remember of nodes: as good as all nodes of a graph come by, so an array by their ids beats a hash table. */
export type Memo<V> = Pick<Map<Expr, V>, 'get' | 'has'> & { set(e: Expr, value: V): unknown }

/** Arrays up to this length are made at once. */
const SHORT = 4096
/** Of longer ones, one entry in so many is used. */
const SPARSE = 16

/** The nodes must be of one graph, and values not undefined. */
export class NodeMap<V> implements Memo<V> {
  private readonly values: (V | undefined)[] = []
  /** Of ids beyond the array: a few nodes of a large graph do not make one as long as that. */
  private readonly few = new Map<number, V>()
  private highest = 0

  get({ id }: Expr): V | undefined {
    return id < this.values.length ? this.values[id] : this.few.get(id)
  }

  has(e: Expr): boolean {
    return this.get(e) !== undefined
  }

  set({ id }: Expr, value: V): void {
    const { values, few } = this
    if (id >= values.length) {
      this.highest = Math.max(this.highest, id)
      if (id >= SHORT && SPARSE * few.size < this.highest) {
        few.set(id, value)
        return
      }
      values.length = 2 ** Math.ceil(Math.log2(this.highest + 2))
      for (const [known, own] of few) values[known] = own
      few.clear()
    }
    values[id] = value
  }
}
