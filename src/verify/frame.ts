/**
 * The evaluation of one definition's expressions at one place. Slots are computed when a root demands them;
 * when an element of another definition is missing, the frame stops and goes on after it is there.
 */
import type { Def, Expr, Size } from '../ir/expr.js'
import { evaluate } from '../ops/apply.js'
import type { Code, Instruction } from './code.js'
import type { Field } from './field.js'
import { linear, product } from './normal-forms.js'
import { type KinkMonitor, kinkGap } from './kinks.js'
import { isSumOfSquares } from './norms.js'
import type { Task } from './task.js'

/** What a frame asks the interpreter for. */
export interface Surroundings<N> {
  readonly field: Field<N>
  readonly monitor: KinkMonitor
  /** Counts what evaluation costs, in instructions. */
  count(instructions: number): void
  size(size: Size): number
  /** The position of an element in row-major order. */
  position(def: Def, indices: readonly number[]): number
  find(def: Def, position: number): N | undefined
  /** Computes an element that `find` does not have yet. */
  task(def: Def, position: number): Task
  /** Free of parameters, data and the variable of differentiation. */
  isConstant(expr: Expr): boolean
  /** The value of a `stop_gradient`, held fixed while differences are taken. */
  stopped(place: string, value: N): N
}

const NEVER = 0

export class Frame<N> {
  readonly #in: Surroundings<N>
  readonly #code: Code
  /** Values of the indices: the definition's own, then the reduction's. */
  readonly indices: number[]
  readonly #name: string
  readonly #reals: N[]
  readonly #numbers: Float64Array
  /** The entry of the reduction in which a slot was computed; slots that do not vary keep the first. */
  readonly #computed: Int32Array
  #entry = 1
  /** Where a straight run goes on after a pause. */
  #next = 0
  readonly #waiting: number[] = []
  /** How many operands of each waiting slot have been looked at. */
  readonly #seen: number[] = []

  constructor(surroundings: Surroundings<N>, code: Code, indices: number[], name: string) {
    this.#in = surroundings
    this.#code = code
    this.indices = indices
    this.#name = name
    const count = code.instructions.length
    this.#reals = Array.from({ length: count })
    this.#numbers = new Float64Array(count)
    this.#computed = new Int32Array(count).fill(NEVER)
  }

  /** Forgets what depends on the indices of the reduction. */
  nextEntry(): void {
    this.#entry++
  }

  real(expr: Expr): N {
    return this.#real(this.#slot(expr))
  }

  number(expr: Expr): number {
    return this.#number(this.#slot(expr))
  }

  /** Computes an expression, or says what must be computed before. */
  demand(expr: Expr): Task | undefined {
    const root = this.#slot(expr)
    this.#in.count(root + 1)
    return this.#code.straight ? this.#runTo(root) : this.#seek(root)
  }

  /** Operands come before users, so running through the list is enough where nothing is conditional. */
  #runTo(root: number): Task | undefined {
    for (; this.#next <= root; this.#next++) {
      if (this.#isReady(this.#next)) continue
      const task = this.#compute(this.#next, this.#code.instructions[this.#next])
      if (task) return task
    }
    this.#next = 0
    return undefined
  }

  #seek(root: number): Task | undefined {
    if (this.#waiting.length === 0) this.#await(root)
    while (this.#waiting.length > 0) {
      const slot = this.#waiting[this.#waiting.length - 1]
      const task = this.#advance(slot)
      if (task) return task
      if (!this.#isReady(slot)) continue
      this.#waiting.pop()
      this.#seen.pop()
    }
    return undefined
  }

  #slot(expr: Expr): number {
    const slot = this.#code.slots.get(expr)
    if (slot === undefined) throw new Error('an expression was not compiled')
    return slot
  }

  #isReady(slot: number): boolean {
    const { varies } = this.#code.instructions[slot]
    return varies ? this.#computed[slot] === this.#entry : this.#computed[slot] !== NEVER
  }

  #await(slot: number): void {
    if (this.#isReady(slot)) return
    this.#waiting.push(slot)
    this.#seen.push(0)
  }

  #real(slot: number): N {
    return this.#code.instructions[slot].discrete
      ? this.#in.field.constant(this.#numbers[slot])
      : this.#reals[slot]
  }

  #number(slot: number): number {
    return this.#code.instructions[slot].discrete
      ? this.#numbers[slot]
      : this.#in.field.value(this.#reals[slot])
  }

  #setNumber(slot: number, value: number): void {
    this.#numbers[slot] = value
    this.#computed[slot] = this.#entry
  }

  #setReal(slot: number, value: N): void {
    this.#reals[slot] = value
    this.#computed[slot] = this.#entry
  }

  #copy(slot: number, from: number): void {
    if (this.#code.instructions[slot].discrete) this.#setNumber(slot, this.#number(from))
    else this.#setReal(slot, this.#real(from))
  }

  #zero(slot: number): void {
    if (this.#code.instructions[slot].discrete) this.#setNumber(slot, 0)
    else this.#setReal(slot, this.#in.field.constant(0))
  }

  /** One step: asks for the next operand, or computes the slot once it has all that count. */
  #advance(slot: number): Task | undefined {
    const instruction = this.#code.instructions[slot]
    const { operands } = instruction
    const top = this.#seen.length - 1
    const seen = this.#seen[top]
    switch (instruction.kind) {
      case 'guard':
        if (seen > 0 && seen < operands.length && this.#number(operands[seen - 1]) === 0) {
          this.#zero(slot)
          return undefined
        }
        if (seen === operands.length) {
          this.#copy(slot, operands[seen - 1])
          return undefined
        }
        break
      case 'select':
        if (seen === 1) {
          // The arm that is not taken is never looked at.
          this.#seen[top] = 3
          this.#await(this.#arm(operands))
          return undefined
        }
        if (seen === 3) {
          this.#copy(slot, this.#arm(operands))
          return undefined
        }
        break
      case 'and':
      case 'or':
        if (seen > 0) {
          const holds = this.#number(operands[seen - 1]) !== 0
          if (seen === 2 || holds === (instruction.kind === 'or')) {
            this.#setNumber(slot, holds ? 1 : 0)
            return undefined
          }
        }
        break
      default:
        if (seen === operands.length) return this.#compute(slot, instruction)
    }
    this.#seen[top] = seen + 1
    this.#await(operands[seen])
    return undefined
  }

  #arm(operands: readonly number[]): number {
    return this.#number(operands[0]) !== 0 ? operands[1] : operands[2]
  }

  #compute(slot: number, instruction: Instruction): Task | undefined {
    if (instruction.kind === 'read') return this.#read(slot, instruction.def, instruction.operands)
    if (instruction.discrete) this.#setNumber(slot, this.#discrete(instruction))
    else this.#setReal(slot, this.#continuous(slot, instruction))
    return undefined
  }

  #read(slot: number, def: Def, operands: readonly number[]): Task | undefined {
    const indices: number[] = []
    for (const operand of operands) indices.push(this.#number(operand))
    const position = this.#in.position(def, indices)
    const value = this.#in.find(def, position)
    if (value === undefined) return this.#in.task(def, position)
    if (this.#code.instructions[slot].discrete) this.#setNumber(slot, this.#in.field.value(value))
    else this.#setReal(slot, value)
    return undefined
  }

  #discrete(instruction: Instruction): number {
    const { operands } = instruction
    switch (instruction.kind) {
      case 'number':
        return instruction.value
      case 'size':
        return this.#in.size(instruction.size)
      case 'index':
        return this.indices[instruction.position]
      case 'add':
        return operands.reduce(
          (sum, operand, at) => sum + instruction.coefficients[at] * this.#number(operand),
          instruction.constant,
        )
      case 'mul':
        return operands.reduce(
          (product, operand, at) => product * this.#number(operand) ** instruction.exponents[at],
          1,
        )
      case 'test': {
        const value = this.#number(operands[0])
        return (instruction.test === 'ge0' ? value >= 0 : value === 0) ? 1 : 0
      }
      case 'apply': {
        const args = operands.map((operand) => this.#number(operand))
        if (operands.some((operand) => !this.#code.instructions[operand].discrete))
          this.#in.monitor(kinkGap(instruction.operator, args))
        return evaluate(instruction.operator, args)
      }
      case 'stop':
        return this.#number(operands[0])
      case 'read':
      case 'guard':
      case 'select':
      case 'and':
      case 'or':
        throw new Error(`'${instruction.kind}' is computed elsewhere`)
    }
  }

  #continuous(slot: number, instruction: Instruction): N {
    const { field } = this.#in
    const { operands } = instruction
    switch (instruction.kind) {
      case 'number':
        return field.constant(instruction.value)
      case 'add':
        return linear(
          field,
          instruction.constant,
          operands.map((operand, at) => ({
            value: this.#real(operand),
            coefficient: instruction.coefficients[at],
          })),
        )
      case 'mul':
        return product(
          field,
          operands.map((operand, at) => {
            const base = this.#real(operand)
            const exponent = instruction.exponents[at]
            // The norm of a zero vector: the least of its subgradients.
            if (exponent === 0.5 && field.value(base) === 0) {
              this.#in.monitor(0)
              if (isSumOfSquares(instruction.factors[at].base))
                return { base: field.constant(0), exponent: 1 }
            }
            return { base, exponent }
          }),
        )
      case 'apply': {
        const args = operands.map((operand) => this.#real(operand))
        const values = args.map((arg) => field.value(arg))
        this.#in.monitor(kinkGap(instruction.operator, values))
        if (instruction.operator === 'max' || instruction.operator === 'min') {
          const [a, b] = instruction.expr.args
          const sign = instruction.operator === 'max' ? 1 : -1
          if (sign * values[0] > sign * values[1]) return args[0]
          if (sign * values[0] < sign * values[1]) return args[1]
          // At a tie the constant wins; the operator's own partials share between two that vary.
          if (this.#in.isConstant(a)) return args[0]
          if (this.#in.isConstant(b)) return args[1]
        }
        return field.apply(instruction.operator, args)
      }
      case 'stop':
        return this.#in.stopped(
          `${this.#name}[${this.indices.join()}].${slot}`,
          field.stop(this.#real(operands[0])),
        )
      case 'size':
      case 'index':
      case 'test':
      case 'read':
      case 'guard':
      case 'select':
      case 'and':
      case 'or':
        throw new Error(`'${instruction.kind}' is computed elsewhere`)
    }
  }
}
