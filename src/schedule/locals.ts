/**
 * Gives names to values: what is used more than once, what is invariant in a loop and what would make an expression too
 * long becomes a local, in the outermost block where it is constant. Arms of a selection are evaluated only where they
 * are chosen; an arm that needs locals of its own turns the selection into a branch.
 *
 * Users are visited before operands, so each node knows all places of its use when it is its turn: linear in the size of
 * the kernel, but for the depth of its loops.
 */
import { BlockTree, type Block, type Place } from './blocks.js'
import { EXPRESSION_SIZE } from './cost.js'
import type { Applied, Local, Scalar, Statement } from './loop-program.js'
import { operandsOf, type Scalars } from './scalars.js'

export interface Named {
  readonly body: readonly Statement[]
  readonly results: readonly Scalar[]
}

export function nameValues(scalars: Scalars, body: readonly Statement[], results: readonly Scalar[]): Named {
  return new Naming(scalars, new BlockTree(body), results).run()
}

const isLeaf = (scalar: Scalar): boolean => scalar.kind === 'number' || scalar.kind === 'local'

/** Index arithmetic that is no dearer than reading a local. */
function isLight(scalar: Scalar): boolean {
  if (isLeaf(scalar)) return true
  if (scalar.kind !== 'apply' || scalar.type !== 'integer') return false
  const { operator, args } = scalar
  if (operator === 'neg') return isLeaf(args[0])
  return (operator === 'add' || operator === 'sub') && isLeaf(args[0]) && args[1].kind === 'number'
}

class Naming {
  private readonly nodes: readonly Scalar[]
  private readonly places = new Map<Scalar, Place>()
  private readonly counts = new Map<Scalar, number>()
  private readonly long = new Set<Scalar>()
  private readonly named = new Map<Scalar, Local>()
  private readonly arms = new Map<Scalar, readonly Block[]>()
  private readonly rewritten = new Map<Scalar, Scalar>()

  constructor(
    private readonly scalars: Scalars,
    private readonly tree: BlockTree,
    private readonly results: readonly Scalar[],
  ) {
    const end = { block: tree.root, position: tree.root.statements.length }
    const uses = [...tree.uses, ...results.map((scalar) => ({ scalar, ...end }))]
    this.nodes = reachable(uses.map((use) => use.scalar))
    tree.measure(this.nodes)
    for (const { scalar, block, position } of uses) this.use(scalar, { block, position })
    this.measure()
  }

  run(): Named {
    for (let at = this.nodes.length - 1; at >= 0; at--) this.settle(this.nodes[at])
    // Inner selections first: a branch inside an arm makes the outer selection a branch too.
    for (const node of this.nodes) {
      const arms = this.arms.get(node)
      if (arms?.some((arm) => arm.values.length > 0) && !this.named.has(node)) {
        const place = this.places.get(node)
        if (place && isBranching(node)) this.name(node, place)
      }
    }
    return { body: this.block(this.tree.root), results: this.results.map((scalar) => this.outer(scalar)) }
  }

  private use(scalar: Scalar, place: Place): void {
    this.counts.set(scalar, (this.counts.get(scalar) ?? 0) + 1)
    const present = this.places.get(scalar)
    this.places.set(scalar, present ? this.tree.common(present, place) : place)
  }

  /** Expressions beyond the limit are cut, operands first. */
  private measure(): void {
    const edges = new Map<Scalar, number>(this.counts)
    for (const node of this.nodes)
      for (const operand of operandsOf(node)) edges.set(operand, (edges.get(operand) ?? 0) + 1)
    const sizes = new Map<Scalar, number>()
    for (const node of this.nodes) {
      let size = 1
      for (const operand of operandsOf(node)) {
        const alone =
          (edges.get(operand) ?? 0) === 1 && !this.long.has(operand) && !this.scalars.kept.has(operand)
        size += isLeaf(operand) || !alone ? 0 : (sizes.get(operand) ?? 1)
      }
      if (size > EXPRESSION_SIZE && node.kind === 'apply') this.long.add(node)
      sizes.set(node, size)
    }
  }

  private settle(node: Scalar): void {
    const used = this.places.get(node)
    if (!used || isLeaf(node)) return
    let place = used
    if (!isLight(node)) {
      const hoisted = this.tree.hoist(node, used)
      const wanted =
        hoisted.block !== used.block ||
        (this.counts.get(node) ?? 0) > 1 ||
        this.long.has(node) ||
        this.scalars.kept.has(node)
      place = hoisted
      // Later operands of `and` and `or` have no place for statements.
      if (wanted && place.block.kind !== 'operand') this.name(node, place)
    }
    this.places.set(node, place)
    this.passOn(node, place)
  }

  private passOn(node: Scalar, place: Place): void {
    if (node.kind !== 'apply' || !isLazy(node)) {
      for (const operand of operandsOf(node)) this.use(operand, place)
      return
    }
    this.use(node.args[0], place)
    const arms = node.args.slice(1).map((arg) => {
      const arm = this.tree.arm(place, node.operator === 'select' ? 'arm' : 'operand')
      this.use(arg, { block: arm, position: 0 })
      return arm
    })
    this.arms.set(node, arms)
  }

  private name(node: Scalar, { block, position }: Place): void {
    const depth = block.depth
    this.named.set(node, { name: this.scalars.hints.get(node) ?? nameOf(node), type: node.type, depth })
    block.values.push({ node, position })
  }

  // ── Rewriting ────────────────────────────────────────────────────────────────────────────────────────────

  /** The node as its users see it. */
  private outer(node: Scalar): Scalar {
    const local = this.named.get(node)
    return local ? this.scalars.local(local) : this.inner(node)
  }

  private inner(node: Scalar): Scalar {
    const pending = [node]
    for (let next = pending.at(-1); next; next = pending.at(-1)) {
      const missing = operandsOf(next).filter(
        (operand) => !this.named.has(operand) && !this.rewritten.has(operand),
      )
      if (missing.length > 0) {
        pending.push(...missing)
        continue
      }
      pending.pop()
      if (!this.rewritten.has(next)) this.rewritten.set(next, this.rebuild(next))
    }
    return this.rewritten.get(node) ?? node
  }

  private rebuild(node: Scalar): Scalar {
    const of = (operand: Scalar): Scalar => {
      const local = this.named.get(operand)
      return local ? this.scalars.local(local) : (this.rewritten.get(operand) ?? operand)
    }
    if (node.kind === 'apply') return this.scalars.apply(node.operator, node.args.map(of))
    return node.kind === 'load' ? this.scalars.load(node.buffer, of(node.offset)) : node
  }

  private block(block: Block): Statement[] {
    const values = [...block.values].sort((a, b) => a.position - b.position || a.node.id - b.node.id)
    const out: Statement[] = []
    let next = 0
    for (let position = 0; position <= block.statements.length; position++) {
      for (; next < values.length && values[next].position <= position; next++) out.push(...this.declare(values[next].node)) // prettier-ignore
      if (position < block.statements.length) out.push(this.statement(block.statements[position]))
    }
    return out
  }

  private declare(node: Scalar): Statement[] {
    const local = this.named.get(node)
    if (!local) throw new Error('a value without a name is declared')
    const arms = this.arms.get(node)
    if (node.kind === 'apply' && isBranching(node) && arms?.some((arm) => arm.values.length > 0)) {
      const [condition, yes, no] = node.args
      const arm = (block: Block, value: Scalar): Statement[] => [
        ...this.block(block),
        { kind: 'assign', local, value: this.outer(value) },
      ]
      return [
        { kind: 'variable', local, value: undefined },
        {
          kind: 'branch',
          condition: this.outer(condition),
          then: arm(arms[0], yes),
          otherwise: arm(arms[1], no),
        },
      ]
    }
    return [{ kind: 'constant', local, value: this.inner(node) }]
  }

  private statement(statement: Statement): Statement {
    switch (statement.kind) {
      case 'title':
      case 'copy':
      case 'call':
        return statement
      case 'constant':
      case 'assign':
      case 'accumulate':
        return { ...statement, value: this.outer(statement.value) }
      case 'variable':
        return { ...statement, value: statement.value && this.outer(statement.value) }
      case 'store':
        return { ...statement, offset: this.outer(statement.offset), value: this.outer(statement.value) }
      case 'fill': {
        const { range } = statement
        return {
          ...statement,
          range: range && { from: this.outer(range.from), count: this.outer(range.count) },
        }
      }
      case 'loop':
        return {
          ...statement,
          from: this.outer(statement.from),
          to: this.outer(statement.to),
          body: this.block(this.tree.blockOf(statement.body)),
        }
      case 'branch':
        return {
          ...statement,
          condition: this.outer(statement.condition),
          then: this.block(this.tree.blockOf(statement.then)),
          otherwise: this.block(this.tree.blockOf(statement.otherwise)),
        }
    }
  }
}

const isLazy = (node: Applied): boolean =>
  node.operator === 'select' || node.operator === 'and' || node.operator === 'or'
const isBranching = (node: Scalar): boolean => node.kind === 'apply' && node.operator === 'select'

/** All nodes below the roots, operands before users. */
function reachable(roots: readonly Scalar[]): Scalar[] {
  const found = new Set<Scalar>(roots)
  const pending = [...found]
  for (let next = pending.pop(); next; next = pending.pop())
    for (const operand of operandsOf(next)) {
      if (found.has(operand)) continue
      found.add(operand)
      pending.push(operand)
    }
  return [...found].sort((a, b) => a.id - b.id)
}

const NAMES: Readonly<Record<string, string>> = {
  add: 'sum',
  sub: 'difference',
  mul: 'product',
  div: 'quotient',
  sqrt: 'root',
  pow: 'power',
  select: 'value',
  mod: 'rest',
  idiv: 'quotient',
  neg: 'minus',
}

function nameOf(node: Scalar): string {
  if (node.kind !== 'apply') return 'value'
  if (node.type === 'condition') return 'holds'
  if (node.type === 'integer' && NAMES[node.operator]) return node.operator === 'mul' || node.operator === 'add' ? 'row' : 'position' // prettier-ignore
  return NAMES[node.operator] ?? node.operator
}
