/** What the functions of one WebAssembly module share: imports, kernels for products, the functions themselves. */
import type { Routine } from '../../src/ops/matrix.js'
import type { OperatorName } from '../../src/ops/signatures.js'
import { SIGNATURES } from '../../src/ops/signatures.js'
import type { ElementType } from '../../src/schedule/loop-program.js'
import type { Function, Import, Module, ValueType } from './code.js'
import type { Element } from './lanes.js'
import { type ProductFunctions, productFunctions } from './product.js'
import { nestFunctions } from './product-nest.js'

/** A function that JavaScript provides. */
export interface ImportedFunction {
  readonly import: Import
  readonly js:
    | { readonly kind: 'operator'; readonly operator: OperatorName }
    | { readonly kind: 'routine'; readonly routine: Routine; readonly subject: string }
}

/** What routines take: an address in bytes, numbers of rows and columns, the address of factors. */
const ROUTINE_TAKES: Readonly<Record<Routine, number>> = {
  factorise: 2,
  cofactorise: 2,
  choleskyFactor: 2,
  solveFactored: 4,
  solveTransposed: 4,
}

export class Unit {
  readonly imports = new Map<string, ImportedFunction>()

  /** Without vectors loops run one step at a time, in 64 bits: what tests compare vectors with. */
  constructor(readonly vectors = true) {}

  private readonly functions: Function[] = []
  private readonly products = new Map<string, ProductFunctions>()

  /** A scalar operator that WebAssembly lacks. */
  operator(operator: OperatorName): Import {
    const takes = Array.from({ length: SIGNATURES[operator] }, (): ValueType => 'f64')
    return this.import(operator, takes, 'f64', { kind: 'operator', operator })
  }

  routine(routine: Routine, subject: string): Import {
    const takes = Array.from({ length: ROUTINE_TAKES[routine] }, (): ValueType => 'i32')
    return this.import(`${routine} ${subject}`, takes, 'nothing', { kind: 'routine', routine, subject })
  }

  private import(
    name: string,
    takes: readonly ValueType[],
    gives: Import['gives'],
    js: ImportedFunction['js'],
  ): Import {
    const known = this.imports.get(name)
    if (known) return known.import
    const made: Import = { kind: 'import', name, takes, gives }
    this.imports.set(name, { import: made, js })
    return made
  }

  product(left: ElementType, right: ElementType, panel: ElementType): Function {
    return this.kernels('product', productFunctions, [left, right, panel])
  }

  /** Products in loops. */
  productNest(left: ElementType, right: ElementType, panel: ElementType): Function {
    return this.kernels('nest', nestFunctions, [left, right, panel])
  }

  private kernels(
    kind: string,
    make: (left: Element, right: Element, panel: Element) => ProductFunctions,
    elements: readonly [ElementType, ElementType, ElementType],
  ): Function {
    const [left, right, panel] = elements.map((element): Element => {
      if (element === 'i32') throw new Error('products are of real numbers')
      return element
    })
    const key = `${kind} ${elements.join(' ')}`
    let known = this.products.get(key)
    if (!known) this.products.set(key, (known = make(left, right, panel)))
    return known.add
  }

  add(made: Function): Function {
    this.functions.push(made)
    return made
  }

  module(): Module {
    const imports = [...this.imports.values()].map((each) => each.import)
    const products = [...this.products.values()].flatMap(({ parts, add }) => [...parts, add])
    return { imports, functions: [...products, ...this.functions] }
  }
}
