import type { Expr } from './expr.js'

/** What passes remember of nodes: as good as all nodes of a graph come by, so an array by their ids beats a hash table. */
export type Memo<V> = Pick<Map<Expr, V>, 'get' | 'has'> & { set(e: Expr, value: V): unknown }

/** The nodes must be of one graph, and values not undefined. */
export class NodeMap<V> implements Memo<V> {
  private readonly values: (V | undefined)[] = []

  get({ id }: Expr): V | undefined {
    return id < this.values.length ? this.values[id] : undefined
  }

  has(e: Expr): boolean {
    return this.get(e) !== undefined
  }

  set({ id }: Expr, value: V): void {
    if (id >= this.values.length) this.values.length = 2 ** Math.ceil(Math.log2(id + 2))
    this.values[id] = value
  }
}
