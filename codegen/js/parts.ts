/** What the functions of one module share: names, tables, and the parts of the runtime that were used. */
import type { Def, TableDef } from '../../src/ir/expr.js'
import { printDefinition } from '../../src/ir/print.js'
import { RUNTIME, type RuntimePart } from '../../src/ops/runtime-text.js'
import type { ElementType } from '../../src/schedule/loop-program.js'
import { Names } from './names.js'
import { type ProductKernel, isKernelName, nameOfKernel, textsOfKernel } from './product-kernels.js'
import { SUPPORT } from './support-text.js'

/** `libm`: elementary functions are those of `Math`; `fast`: in loops those that are faster there. */
export type MathKind = 'libm' | 'fast'

export interface Table {
  readonly name: string
  readonly element: ElementType
  readonly def: TableDef
}

/** The longest equation that stands above a loop as it is. */
export const LONGEST_TITLE = 400

const kindOf = (left: ElementType, right: ElementType): string =>
  left === right ? left.slice(1) : `${left.slice(1)}By${right.slice(1)}`

export class ModuleParts {
  /** The names of the module's own functions and constants. */
  readonly names = new Names(undefined, isKernelName)
  readonly tables: Table[] = []
  private readonly byDef = new Map<TableDef, Table[]>()
  private readonly used = new Set<string>()
  private readonly titles = new Map<Def, string>()
  private runtime: Names | undefined
  private readonly products = new Map<string, readonly string[]>()

  constructor(
    exported: Iterable<string>,
    readonly math: MathKind = 'fast',
  ) {
    for (const name of Object.keys(SUPPORT)) this.names.create(name)
    for (const name of exported) if (!this.names.has(name)) this.names.create(name)
  }

  /** Names inside a function: they hide nothing that the function could refer to. */
  localNames(): Names {
    if (!this.runtime) {
      this.runtime = new Names(this.names)
      for (const name of Object.keys(RUNTIME)) this.runtime.create(name)
    }
    return new Names(this.runtime)
  }

  /** The equation above a loop, which stands in each method that computes it. */
  title(def: Def): string {
    let title = this.titles.get(def)
    if (title === undefined) this.titles.set(def, (title = printDefinition(def, LONGEST_TITLE)))
    return title
  }

  /**
   * The kernel for products of matrices in these storages. Each has its own: V8 optimises a function for the kinds of array that
   * it has seen.
   */
  product(left: ElementType, right: ElementType, kernel: ProductKernel): string {
    const kind = kindOf(left, right)
    const name = nameOfKernel(kernel, kind)
    if (!this.products.has(name)) this.products.set(name, textsOfKernel(kernel, kind))
    return name
  }

  /** A part of the runtime or of the support, with what it needs. */
  use(name: string): string {
    if (this.used.has(name)) return name
    this.used.add(name)
    for (const need of partOf(name).needs) this.use(need)
    return name
  }

  /** Whether a user's function of that name would clash with a part that the module copies. */
  isTaken(name: string): boolean {
    return name in SUPPORT || isKernelName(name) || this.used.has(name) || new Names().has(name)
  }

  /** The used parts as text: constants before functions, each in the order of the source. */
  texts(): string[] {
    const all = [...Object.keys(SUPPORT), ...Object.keys(RUNTIME)].filter((name) => this.used.has(name))
    return [...all.map((name) => partOf(name).text), ...[...this.products.values()].flat()]
  }

  table(def: TableDef, element: ElementType): string {
    const known = this.byDef.get(def) ?? []
    const same = known.find((table) => table.element === element)
    if (same) return same.name
    const table = { name: this.names.create(def.name.replaceAll('.', '_')), element, def }
    this.byDef.set(def, [...known, table])
    this.tables.push(table)
    return table.name
  }
}

function partOf(name: string): RuntimePart {
  const part = RUNTIME[name] ?? SUPPORT[name]
  if (!part) throw new Error(`the runtime has no '${name}'`)
  return part
}
