/** Which values of a method are needed in 64 bits. Of the others shorter polynomials are enough: they end up in arrays of 32. */
import type { OperatorName } from '../../src/ops/signatures.js'
import type { Buffer, Local, Method, Scalar, Statement } from '../../src/schedule/loop-program.js'

/** A rounding error of an operand can change the result by more than a rounding error. */
const DECIDES: ReadonlySet<OperatorName> = new Set<OperatorName>([
  'lt', 'le', 'gt', 'ge', 'eq', 'ne', 'floor', 'ceil', 'round', 'trunc', 'sign', 'mod', 'idiv',
]) // prettier-ignore

/** The scalars that reach a result, an array of 64 bits or a decision with all their digits. */
export function preciseIn(method: Method): ReadonlySet<Scalar> {
  const precision = new Precision(method.sharing)
  // A number beside arrays of 32 bits is no more exact than they are.
  const given = method.buffers.filter(({ role }) => role !== 'temp')
  const isPrecise = given.every(({ element }) => element !== 'f32') || given.some(({ element }) => element === 'f64') // prettier-ignore
  for (const { value } of method.results)
    if (value.kind === 'scalar') precision.demand(value.value, isPrecise)
  // What is read in a step of a loop may be set at the end of the one before.
  for (let known = -1; known < precision.size;) {
    known = precision.size
    precision.statements(method.body)
    for (const part of [...method.parts].reverse()) precision.statements(part.body)
  }
  return precision.precise
}

class Precision {
  readonly precise = new Set<Scalar>()
  private readonly stores = new Set<Local | Buffer>()
  private readonly seen = new Set<Scalar>()

  constructor(private readonly sharing: Method['sharing']) {}

  /** How much is known. */
  get size(): number {
    return this.stores.size
  }

  /** From the last to the first, for what is used stands after what it is made of. */
  statements(statements: readonly Statement[]): void {
    for (const statement of [...statements].reverse()) this.statement(statement)
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case 'constant':
      case 'variable':
      case 'assign':
      case 'accumulate':
        if (statement.value) this.demand(statement.value, this.stores.has(statement.local))
        return
      case 'store':
        this.demand(statement.value, this.isPrecise(statement.buffer))
        this.demand(statement.offset, true)
        return
      case 'loop':
        this.statements(statement.body)
        return
      case 'branch':
        this.statements(statement.alternate)
        this.statements(statement.consequent)
        this.demand(statement.condition, true)
        return
      case 'copy':
        if (this.isPrecise(statement.to)) this.read(statement.from)
        return
      case 'product':
        if (!this.isPrecise(statement.panel.buffer)) return
        this.read(statement.left.buffer)
        this.read(statement.right.buffer)
        return
      case 'routine':
        this.read(statement.on.buffer)
        return
      case 'fill':
      case 'title':
      case 'remark':
      case 'call':
    }
  }

  demand(root: Scalar, isPrecise: boolean): void {
    const pending: [Scalar, boolean][] = [[root, isPrecise]]
    for (let next = pending.pop(); next; next = pending.pop()) {
      const [scalar, precise] = next
      const known = precise ? this.precise : this.seen
      if (known.has(scalar)) continue
      known.add(scalar)
      if (scalar.kind === 'local' && precise) this.stores.add(scalar.local)
      if (scalar.kind === 'load') {
        if (precise) this.read(scalar.buffer)
        pending.push([scalar.offset, true])
      }
      if (scalar.kind !== 'apply') continue
      const decides = DECIDES.has(scalar.operator) && !scalar.args.some(isInfinite)
      for (const arg of scalar.args) pending.push([arg, precise || decides])
    }
  }

  /** Its entries are read with all their digits. */
  private read(buffer: Buffer): void {
    this.stores.add(this.sharing.get(buffer) ?? buffer)
  }

  /** Rows and panels of 64 bits that only lead to 32 need no more digits than these. */
  private isPrecise(buffer: Buffer): boolean {
    if (buffer.element === 'f32') return false
    return buffer.role !== 'temp' || this.stores.has(this.sharing.get(buffer) ?? buffer)
  }
}

/** No rounding reaches an infinity that is not there. */
const isInfinite = (scalar: Scalar): boolean =>
  scalar.kind === 'number' && Math.abs(scalar.value) === Infinity
