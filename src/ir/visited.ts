import type { Expr } from './expr.js'

/**
 * The nodes that one walk has seen, by id: an array that is reused from walk to walk, since a set per walk would be most of
 * the time of a walk. Nested walks take arrays of their own.
 */
class Visited {
  private marks = new Uint32Array(1024)
  private walk = 0

  begin(): void {
    this.walk++
    if (this.walk === 0xffffffff) {
      this.marks.fill(0)
      this.walk = 1
    }
  }

  /** Whether the node is new to this walk; it is not from then on. */
  add({ id }: Expr): boolean {
    if (id >= this.marks.length) {
      const larger = new Uint32Array(2 ** Math.ceil(Math.log2(id + 1)))
      larger.set(this.marks)
      this.marks = larger
    }
    if (this.marks[id] === this.walk) return false
    this.marks[id] = this.walk
    return true
  }
}

const pool: Visited[] = []
let depth = 0

/** Runs a walk; the nodes must be of one graph. */
export function withVisited<R>(walk: (visited: Pick<Visited, 'add'>) => R): R {
  if (depth === pool.length) pool.push(new Visited())
  const visited = pool[depth++]
  visited.begin()
  try {
    return walk(visited)
  } finally {
    depth--
  }
}
