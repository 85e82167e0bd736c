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
import type { Applied, Local, MatrixPlace, Scalar, Statement } from './loop-program.js'
import { fitsInWord, isNatural, nodesOf, operandsOf, type Scalars } from './scalars.js'

export interface Named {
  readonly body: readonly Statement[]
  readonly results: readonly Scalar[]
}

export function nameValues(scalars: Scalars, body: readonly Statement[], results: readonly Scalar[]): Named {
  return new Naming(scalars, new BlockTree(body), results).run()
}

const isLeaf = (scalar: Scalar): boolean => scalar.kind === 'number' || scalar.kind === 'local'

/** Index arithmetic that is no dearer than reading a local, unless it has a name that says something. */
function isLight(scalar: Scalar, isNamed: boolean): boolean {
  if (isLeaf(scalar)) return true
  if (scalar.kind !== 'apply' || scalar.type !== 'integer') return false
  const { operator, args } = scalar
  if (operator === 'neg') return isLeaf(args[0])
  return (
    (operator === 'add' || operator === 'sub') && args[1].kind === 'number' && (isLeaf(args[0]) || !isNamed)
  )
}

/** A value used under more conditions than this is computed where all can see it. */
const MOST_HOMES = 16

/**
 * Arms within so many others are computed where the selection stands: code that is nested more deeply overflows the stack of what reads
 * it. Arms that read arrays may rely on a condition on where, so they stay apart for longer.
 */
const DEEPEST = 64
const DEEPEST_LOADS = 256

/** Where a value is computed, for the uses that share it. */
interface Home {
  place: Place
  uses: number
  local: Local | undefined
  /** The blocks of the later operands, where they are evaluated only if needed. */
  arms: readonly Block[]
}

const NOWHERE: readonly Home[] = []

/** In the order of their numbers, of which they have nearly all: nothing is compared. */
function byId(nodes: readonly Scalar[]): readonly Scalar[] {
  const highest = nodes.reduce((most, { id }) => Math.max(most, id), -1)
  const places = Array<Scalar | undefined>(highest + 1).fill(undefined)
  for (const node of nodes) places[node.id] = node
  return places.filter((node) => node !== undefined)
}

class Naming {
  private readonly nodes: readonly Scalar[]
  /** Values used only under different conditions have a home for each: nothing is evaluated that no use asks for. */
  private readonly homes: (Home[] | undefined)[]
  private readonly long = new Set<Scalar>()
  private readonly positions: ReadonlySet<Scalar>
  private readonly rewritten = new Map<Block, Map<Scalar, Scalar>>()

  constructor(
    private readonly scalars: Scalars,
    private readonly tree: BlockTree,
    private readonly results: readonly Scalar[],
  ) {
    const end = { block: tree.root, position: tree.root.statements.length }
    const uses = [...tree.uses, ...results.map((scalar) => ({ scalar, ...end }))]
    // Operands before users.
    this.nodes = byId(nodesOf(uses.map((use) => use.scalar)))
    // Written from the last to the first: an array that grew by that would be a hash table.
    this.homes = Array<Home[] | undefined>((this.nodes.at(-1)?.id ?? 0) + 1).fill(undefined)
    tree.measure(this.nodes)
    const offsets = this.nodes.flatMap((node) => (node.kind === 'load' ? [node.offset] : []))
    this.positions = new Set(nodesOf([...tree.positions, ...offsets]))
    for (const { scalar, block, position } of uses) this.use(scalar, { block, position })
    this.measure()
  }

  run(): Named {
    for (let at = this.nodes.length - 1; at >= 0; at--) this.settle(this.nodes[at])
    // Inner selections first: a branch inside an arm makes the outer selection a branch too.
    for (const node of this.nodes)
      for (const home of this.homesOf(node)) if (!home.local && isBranch(node, home)) this.name(node, home)
    const { root } = this.tree
    return { body: this.block(root), results: this.results.map((scalar) => this.outer(scalar, root)) }
  }

  private homesOf({ id }: Scalar): readonly Home[] {
    return this.homes[id] ?? NOWHERE
  }

  private use(scalar: Scalar, place: Place): void {
    if (isLeaf(scalar)) return
    const homes = (this.homes[scalar.id] ??= [])
    const added: Home = { place, uses: 1, local: undefined, arms: [] }
    homes.push(added)
    if (homes.length === 1) return
    const eager = this.tree.isPure(scalar) || homes.length > MOST_HOMES
    // One use may bring others together: those before it that it cannot join are tried again with what it joined.
    for (let at = 0; at < homes.length; at++) {
      const home = homes[at]
      if (home === added) continue
      const joint = this.tree.join(home.place, added.place, eager)
      if (!joint) continue
      added.place = joint
      added.uses += home.uses
      homes.splice(at, 1)
      at = -1
    }
  }

  /** Expressions beyond the limit are cut, operands first. */
  private measure(): void {
    const ids = (this.nodes.at(-1)?.id ?? 0) + 1
    const edges = new Uint32Array(ids)
    for (const node of this.nodes) {
      for (const home of this.homesOf(node)) edges[node.id] += home.uses
      const operands = operandsOf(node)
      for (let at = 0; at < operands.length; at++) edges[operands[at].id]++
    }
    const sizes = new Uint32Array(ids)
    for (const node of this.nodes) {
      let size = 1
      const operands = operandsOf(node)
      for (let at = 0; at < operands.length; at++) {
        const operand = operands[at]
        const alone = edges[operand.id] === 1 && !this.long.has(operand) && !this.scalars.kept.has(operand)
        size += isLeaf(operand) || !alone ? 0 : sizes[operand.id]
      }
      if (size > EXPRESSION_SIZE && node.kind === 'apply') this.long.add(node)
      sizes[node.id] = size
    }
  }

  private settle(node: Scalar): void {
    for (const home of this.homesOf(node)) {
      if (!isLight(node, this.scalars.hints.has(node))) {
        const used = home.place
        home.place = this.tree.hoist(node, used)
        const wanted =
          home.place.block !== used.block ||
          home.uses > 1 ||
          this.long.has(node) ||
          this.scalars.kept.has(node)
        // Later operands of `and` and `or` have no place for statements.
        if (wanted && home.place.block.kind !== 'operand') this.name(node, home)
      }
      this.passOn(node, home)
    }
  }

  private passOn(node: Scalar, home: Home): void {
    const { place } = home
    const isDeep = place.block.level > (node.loads ? DEEPEST_LOADS : DEEPEST)
    if (node.kind !== 'apply' || !isLazy(node) || isDeep) {
      for (const operand of operandsOf(node)) this.use(operand, place)
      return
    }
    this.use(node.args[0], place)
    // An arm inside such an operand has no place for statements either.
    const kind = isSelection(node) && place.block.kind !== 'operand' ? 'arm' : 'operand'
    const selection = kind === 'arm' ? home : undefined
    home.arms = node.args.slice(1).map((arg) => {
      const arm = this.tree.arm(place, kind, selection)
      this.use(arg, { block: arm, position: 0 })
      return arm
    })
  }

  private name(node: Scalar, home: Home): void {
    const { block, position } = home.place
    home.local = {
      name: this.scalars.hints.get(node) ?? nameOf(node),
      type: node.type,
      depth: block.depth,
      natural: isNatural(node) && (this.positions.has(node) || fitsInWord(node)),
    }
    block.values.push({ node, position })
  }

  // ── Rewriting ────────────────────────────────────────────────────────────────────────────────────────────

  private homeAt(node: Scalar, block: Block): Home | undefined {
    const homes = this.homesOf(node)
    if (homes.length <= 1) return homes[0]
    return homes
      .filter((home) => this.tree.isWithin(block, home.place.block))
      .reduce<Home | undefined>((best, home) => (!best || home.place.block.level > best.place.block.level ? home : best), undefined) // prettier-ignore
  }

  private localAt(node: Scalar, block: Block): Local | undefined {
    return this.homeAt(node, block)?.local
  }

  /** The node as its users in a block see it. */
  private outer(node: Scalar, block: Block): Scalar {
    if (isLeaf(node)) return node
    const local = this.localAt(node, block)
    return local ? this.scalars.local(local) : this.inner(node, block)
  }

  /** The node spelled out, its operands as they are seen where they are evaluated. */
  private inner(root: Scalar, from: Block): Scalar {
    const pending = [{ node: root, block: from }]
    for (let next = pending.at(-1); next; next = pending.at(-1)) {
      const { node, block } = next
      const operands = operandsOf(node)
      const places = isLazyNode(node) ? this.operandBlocks(node, block) : undefined
      const args: Scalar[] = []
      for (let at = 0; at < operands.length; at++) {
        const place = places?.[at] ?? block
        const seen = this.seen(operands[at], place)
        if (seen) args.push(seen)
        else pending.push({ node: operands[at], block: place })
      }
      if (args.length < operands.length) continue
      pending.pop()
      this.spelled(block).set(node, this.rebuild(node, args))
    }
    return this.spelled(from).get(root) ?? root
  }

  /** What is written for a node in a block, once that is known. */
  private seen(node: Scalar, block: Block): Scalar | undefined {
    if (isLeaf(node)) return node
    const local = this.localAt(node, block)
    return local ? this.scalars.local(local) : this.spelled(block).get(node)
  }

  private spelled(block: Block): Map<Scalar, Scalar> {
    let memo = this.rewritten.get(block)
    if (!memo) this.rewritten.set(block, (memo = new Map()))
    return memo
  }

  private operandBlocks(node: Scalar, block: Block): readonly Block[] {
    const arms = this.homeAt(node, block)?.arms ?? []
    return operandsOf(node).map((_, at) => (at === 0 ? block : (arms[at - 1] ?? block)))
  }

  private rebuild(node: Scalar, args: readonly Scalar[]): Scalar {
    if (operandsOf(node).every((operand, at) => operand === args[at])) return node
    if (node.kind === 'apply') return this.scalars.apply(node.operator, args)
    return node.kind === 'load' ? this.scalars.load(node.buffer, args[0], node.partial) : node
  }

  /** The statements of a block; what is declared `last` may be assigned to a variable of an outer one. */
  private block(block: Block, values = inOrder(block), last: readonly Statement[] = []): Statement[] {
    const out: Statement[] = []
    let next = 0
    for (let position = 0; position <= block.statements.length; position++) {
      for (; next < values.length && values[next].position <= position; next++) out.push(...this.declare(values[next].node, block)) // prettier-ignore
      if (position < block.statements.length) out.push(this.statement(block.statements[position], block))
    }
    return [...out, ...last]
  }

  private declare(node: Scalar, block: Block): Statement[] {
    const home = this.homeAt(node, block)
    const local = home?.local
    if (!home || !local) throw new Error('a value without a name is declared')
    if (node.kind === 'apply' && isBranch(node, home))
      return [{ kind: 'variable', local, value: undefined }, this.branch(node, home, block, local)]
    return [{ kind: 'constant', local, value: this.inner(node, block) }]
  }

  /** The choice of what a variable is; an arm that ends with a choice makes that for the same one, `if … else if … else`. */
  private branch(
    { args: [condition, yes, no] }: Applied,
    { arms }: Home,
    from: Block,
    local: Local,
  ): Statement {
    const arm = (inside: Block, value: Scalar): Statement[] => {
      const values = inOrder(inside)
      const last = values.at(-1)?.node === value ? this.homeAt(value, inside) : undefined
      if (value.kind === 'apply' && last?.place.block === inside && last.uses === 1 && isBranch(value, last))
        return this.block(inside, values.slice(0, -1), [this.branch(value, last, inside, local)])
      return this.block(inside, values, [{ kind: 'assign', local, value: this.outer(value, inside) }])
    }
    const holds = this.outer(condition, from)
    const [consequent, alternate] = [arm(arms[0], yes), arm(arms[1], no)]
    const isTurned = isChoice(consequent) && !isChoice(alternate)
    return isTurned
      ? { kind: 'branch', condition: this.scalars.apply('not', [holds]), consequent: alternate, alternate: consequent } // prettier-ignore
      : { kind: 'branch', condition: holds, consequent, alternate }
  }

  private statement(statement: Statement, block: Block): Statement {
    switch (statement.kind) {
      case 'title':
      case 'remark':
      case 'copy':
      case 'call':
        return statement
      case 'constant':
      case 'assign':
      case 'accumulate':
        return { ...statement, value: this.outer(statement.value, block) }
      case 'variable':
        return { ...statement, value: statement.value && this.outer(statement.value, block) }
      case 'store':
        return {
          ...statement,
          offset: this.outer(statement.offset, block),
          value: this.outer(statement.value, block),
        }
      case 'fill': {
        const { range } = statement
        return {
          ...statement,
          range: range && { from: this.outer(range.from, block), count: this.outer(range.count, block) },
        }
      }
      case 'routine': {
        const place = (at: MatrixPlace): MatrixPlace => ({ ...at, offset: this.outer(at.offset, block) })
        const { on, rows, columns, factors } = statement
        return {
          ...statement,
          on: place(on),
          rows: this.outer(rows, block),
          columns: this.outer(columns, block),
          factors: factors && place(factors),
        }
      }
      case 'product': {
        const seen = (scalar: Scalar): Scalar => this.outer(scalar, block)
        const { panel, left, right, rows, depth, columns } = statement
        return {
          ...statement,
          panel: {
            ...panel,
            offset: seen(panel.offset),
            rowStep: seen(panel.rowStep),
            columnStep: seen(panel.columnStep),
          },
          left: {
            ...left,
            offset: seen(left.offset),
            rowStep: seen(left.rowStep),
            depthStep: seen(left.depthStep),
          },
          right: {
            ...right,
            offset: seen(right.offset),
            depthStep: seen(right.depthStep),
            columnStep: seen(right.columnStep),
          },
          rows: seen(rows),
          depth: seen(depth),
          columns: seen(columns),
        }
      }
      case 'loop':
        return {
          ...statement,
          from: this.outer(statement.from, block),
          to: this.outer(statement.to, block),
          body: this.block(this.tree.blockOf(statement.body)),
        }
      case 'branch':
        return {
          ...statement,
          condition: this.outer(statement.condition, block),
          consequent: this.block(this.tree.blockOf(statement.consequent)),
          alternate: this.block(this.tree.blockOf(statement.alternate)),
        }
    }
  }
}

const isLazy = (node: Applied): boolean =>
  node.operator === 'select' || node.operator === 'and' || node.operator === 'or'
const isLazyNode = (node: Scalar): boolean => node.kind === 'apply' && isLazy(node)
const isSelection = (node: Scalar): boolean => node.kind === 'apply' && node.operator === 'select'

const isBranch = (node: Scalar, { arms }: Home): boolean =>
  isSelection(node) && arms.some((arm) => arm.values.length > 0)

const isChoice = (statements: readonly Statement[]): boolean =>
  statements.length === 1 && statements[0].kind === 'branch'

const inOrder = ({ values }: Block): readonly Block['values'][number][] =>
  [...values].sort((a, b) => a.position - b.position || a.node.id - b.node.id)

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
  const [a, b] = node.args
  // Products of sizes: `n * d` is nd, `n * 32` is n32.
  if (node.type === 'integer' && node.operator === 'mul' && a.kind === 'local' && node.depth === 0)
    return a.local.name + (b.kind === 'local' ? b.local.name : b.kind === 'number' ? b.value : 'Times')
  if (node.type === 'integer' && NAMES[node.operator]) return node.operator === 'mul' || node.operator === 'add' ? 'row' : 'position' // prettier-ignore
  return NAMES[node.operator] ?? node.operator
}
