import type { Expr } from './expr.js'

/** What passes remember of nodes: as good as all nodes of a graph come by, so an array by their ids beats a hash table. */
export type Memo<V> = Pick<Map<Expr, V>, 'get' | 'has'> & { set(e: Expr, value: V): unknown }

/** The nodes must be of one graph, and values not undefined. */
export class NodeMap<V> implements Memo<V> {
  private values: (V | undefined)[] = []

  get({ id }: Expr): V | undefined {
    return id < this.values.length ? this.values[id] : undefined
  }

  has(e: Expr): boolean {
    return this.get(e) !== undefined
  }

  set({ id }: Expr, value: V): void {
    if (id >= this.values.length) this.grow(id)
    this.values[id] = value
  }

  private grow(id: number): void {
    const larger = Array.from<V | undefined>({ length: 2 ** Math.ceil(Math.log2(id + 2)) })
    for (let at = 0; at < this.values.length; at++) larger[at] = this.values[at]
    this.values = larger
  }
}
