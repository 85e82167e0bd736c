/** The blocks of a kernel: where values may be declared, and how far they can leave loops. */
import type { Buffer, Local, Scalar, Statement } from './loop-program.js'
import { operandsOf } from './scalars.js'
import { scalarsOf } from './split.js'

export interface Block {
  readonly parent: Block | undefined
  /** The statement of the parent that holds this block. */
  readonly position: number
  /** How many loops enclose it. */
  readonly depth: number
  readonly level: number
  /** `operand`: the later operands of `and` and `or`, which hold no statements. */
  readonly kind: 'root' | 'loop' | 'arm' | 'operand'
  /** What the arms of one selection share: one of them is evaluated. */
  readonly selection: object | undefined
  readonly statements: readonly Statement[]
  /** Buffers and locals that change inside a loop. */
  readonly changes: Set<Buffer | Local>
  readonly values: { readonly node: Scalar; readonly position: number }[]
}

export interface Place {
  readonly block: Block
  /** Before the statement of this number. */
  readonly position: number
}

interface Use extends Place {
  readonly scalar: Scalar
}

const NOTHING: readonly (Buffer | Local)[] = []

export class BlockTree {
  readonly root: Block
  readonly uses: Use[] = []
  /** Those of them that say where something is, or how much: in memory, so that they are never large. */
  readonly positions: Scalar[] = []
  private readonly blocks = new Map<readonly Statement[], Block>()
  private readonly declared = new Map<Local, Block>()
  private readonly changing = new Set<Buffer | Local>()
  // Of scalars, by id.
  private readonly levels: Block[] = []
  private readonly dependencies: (readonly (Buffer | Local)[])[] = []

  constructor(body: readonly Statement[]) {
    this.root = this.make(undefined, 0, 'root', body)
    this.walk(this.root)
  }

  blockOf(statements: readonly Statement[]): Block {
    const block = this.blocks.get(statements)
    if (!block) throw new Error('these statements are no block of the kernel')
    return block
  }

  /** The block of an arm of a selection that stands at a place. */
  arm({ block, position }: Place, kind: 'arm' | 'operand', selection?: object): Block {
    return this.make(block, position, kind, [], selection)
  }

  private make(
    parent: Block | undefined,
    position: number,
    kind: Block['kind'],
    statements: readonly Statement[],
    selection?: object,
  ): Block {
    const depth = (parent?.depth ?? 0) + (kind === 'loop' ? 1 : 0)
    const level = parent ? parent.level + 1 : 0
    const block: Block = {
      parent,
      position,
      depth,
      level,
      kind,
      selection,
      statements,
      changes: new Set(),
      values: [],
    }
    this.blocks.set(statements, block)
    return block
  }

  private walk(top: Block): void {
    const pending = [top]
    for (let block = pending.pop(); block; block = pending.pop())
      for (const [position, statement] of block.statements.entries()) {
        const use = (...scalars: readonly Scalar[]): void => {
          for (const scalar of scalars) this.uses.push({ scalar, block, position })
        }
        switch (statement.kind) {
          case 'title':
          case 'remark':
          case 'call':
            break
          case 'constant':
            this.declared.set(statement.local, block)
            use(statement.value)
            break
          case 'variable':
            this.declared.set(statement.local, block)
            if (statement.value) use(statement.value)
            break
          case 'assign':
          case 'accumulate':
            this.change(statement.local, block)
            use(statement.value)
            break
          case 'store':
            this.change(statement.buffer, block)
            use(statement.offset, statement.value)
            this.positions.push(statement.offset)
            break
          case 'fill':
            this.change(statement.buffer, block)
            if (statement.range) {
              use(statement.range.from, statement.range.count)
              this.positions.push(statement.range.from, statement.range.count)
            }
            break
          case 'copy':
            this.change(statement.to, block)
            break
          case 'routine':
            this.change(statement.on.buffer, block)
            use(...scalarsOf(statement))
            this.positions.push(...scalarsOf(statement))
            break
          case 'product':
            this.change(statement.panel.buffer, block)
            use(...scalarsOf(statement))
            this.positions.push(...scalarsOf(statement))
            break
          case 'loop': {
            use(statement.from, statement.to)
            this.positions.push(statement.from, statement.to)
            const inner = this.make(block, position, 'loop', statement.body)
            this.declared.set(statement.index, inner)
            pending.push(inner)
            break
          }
          case 'branch':
            use(statement.condition)
            pending.push(this.make(block, position, 'arm', statement.consequent))
            pending.push(this.make(block, position, 'arm', statement.alternate))
            break
        }
      }
  }

  private change(what: Buffer | Local, at: Block): void {
    for (let block: Block | undefined = at; block; block = block.parent)
      if (block.kind === 'loop') {
        block.changes.add(what)
        this.changing.add(what)
      }
  }

  /**
   * The innermost place before both, unless the value would be computed there though neither may be reached; `eager` says
   * that it may.
   */
  join(a: Place, b: Place, eager: boolean): Place | undefined {
    let [x, y] = [a, b]
    let [mayMissX, mayMissY] = [false, false]
    while (x.block !== y.block) {
      const { selection, parent: outer, position: where } = x.block
      // What both arms need is needed.
      if (selection && selection === y.block.selection && outer && !mayMissX && !mayMissY)
        return { block: outer, position: where }
      const leavesX = x.block.level >= y.block.level
      const { parent, position, kind } = leavesX ? x.block : y.block
      if (!parent) throw new Error('two places of one method have no common block')
      const conditional = kind === 'arm' || kind === 'operand'
      if (leavesX) {
        x = { block: parent, position }
        mayMissX ||= conditional
      } else {
        y = { block: parent, position }
        mayMissY ||= conditional
      }
    }
    if (mayMissX && mayMissY && !eager) return undefined
    return x.position <= y.position ? x : y
  }

  isWithin(block: Block, outer: Block): boolean {
    let at: Block | undefined = block
    while (at && at.level > outer.level) at = at.parent
    return at === outer
  }

  /** Arithmetic on indices, free of data: it may be computed where it is not needed. */
  isPure(node: Scalar): boolean {
    return node.type === 'integer' && !node.loads
  }

  /** The outermost place where the value is the same, if it lies outside a loop. Data are not read before an arm is chosen. */
  hoist(node: Scalar, from: Place): Place {
    const least = this.levels[node.id] ?? this.root
    const dependencies = this.dependencies[node.id] ?? NOTHING
    const pure = this.isPure(node)
    let best = from
    for (let at = from; at.block !== least;) {
      const { block } = at
      if (!block.parent) break
      if (block.kind === 'loop' ? dependencies.some((what) => block.changes.has(what)) : !pure) break
      at = { block: block.parent, position: block.position }
      if (block.kind === 'loop') best = at
    }
    return best
  }

  /** Notes where each node is constant and what it depends on; operands first. */
  measure(nodes: readonly Scalar[]): void {
    for (const node of nodes) {
      const operands = operandsOf(node)
      let level = node.kind === 'local' ? (this.declared.get(node.local) ?? this.root) : this.root
      for (const { id } of operands) {
        const theirs = this.levels[id] ?? this.root
        if (theirs.level > level.level) level = theirs
      }
      this.levels[node.id] = level
      this.dependencies[node.id] = this.dependenciesOf(node, operands)
    }
  }

  private dependenciesOf(node: Scalar, operands: readonly Scalar[]): readonly (Buffer | Local)[] {
    const own = node.kind === 'load' ? node.buffer : node.kind === 'local' ? node.local : undefined
    let all = own && this.changing.has(own) ? [own] : NOTHING
    for (const operand of operands) {
      const theirs = this.dependencies[operand.id] ?? NOTHING
      if (all.length === 0) all = theirs
      else if (!theirs.every((what) => all.includes(what))) all = [...new Set([...all, ...theirs])]
    }
    return all
  }
}
