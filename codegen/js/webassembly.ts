/** The WebAssembly of a module: kernels, what they import, and how their bytes come. */
import type { Routine } from '../../src/ops/matrix.js'
import { SIGNATURES } from '../../src/ops/signatures.js'
import type { Method } from '../../src/schedule/loop-program.js'
import type { Module } from '../wasm/code.js'
import { encodeModule } from '../wasm/encode.js'
import { lowerMethod } from '../wasm/kernel.js'
import { PRODUCT_SCRATCH_BYTES, PRODUCT_SLACK_BYTES } from '../wasm/product.js'
import { type ImportedFunction, Unit } from '../wasm/unit.js'
import { textOfBytes } from './byte-text.js'
import type { Kernel } from './kernel.js'
import type { ModuleParts } from './parts.js'
import { applyJs } from './scalar.js'
import { type Js, type Property, call, name, number, object, string, binary } from './syntax.js'
import type { Writer } from './writer.js'

/** Kernels in WebAssembly, and the constant of the module that has them. */
export class WasmKernels {
  readonly name: string
  private readonly unit = new Unit()

  constructor(private readonly parts: ModuleParts) {
    this.name = parts.names.create('wasm')
  }

  make(method: Method, wanted: string): Kernel {
    // Before local names are chosen, which may not hide those of tables.
    for (const { role, def, element } of method.buffers)
      if (role === 'table' && def.kind === 'table') this.parts.table(def, element)
    const lowered = lowerMethod(method, this.parts.names.create(wanted), this.unit)
    return { ...lowered, method, target: 'wasm' }
  }

  /**
   * The constant, and what it is made of: bytes in the text of the module or, where that has a name, in a file beside it.
   * `optional`: kernels in JavaScript stand in for them.
   */
  write(
    writer: Writer,
    file: string | undefined,
    optional: boolean,
  ): { readonly module: Module; readonly bytes: Uint8Array } {
    const module = this.unit.module()
    const { parts } = this
    const imports = parts.names.create('wasmImports')
    const bytes = parts.names.create('wasmBytes')
    const encoded = encodeModule(module)
    writer.blank()
    writer.about('The kernels: what the equations became.')
    writer.function('', bytes, [], () =>
      writer.return(
        file === undefined
          ? call(parts.use('bytesOf'), string(textOfBytes(encoded)))
          : call(parts.use('readBytes'), urlOf(file)),
      ),
    )
    writer.blank()
    writer.about('What kernels call.')
    const imported = [...this.unit.imports.values()].map((each) => this.property(each))
    const usesMemory = [...this.unit.imports.values()].some(({ js }) => js.kind === 'routine')
    writer.function('', imports, usesMemory ? ['numbers'] : [], () => writer.return(object(imported)))
    writer.blank()
    const layout = [
      { key: 'start', value: number(PRODUCT_SCRATCH_BYTES) },
      { key: 'slack', value: number(PRODUCT_SLACK_BYTES) },
      ...(optional ? [{ key: 'optional', value: name('true') }] : []),
    ]
    const made = call(parts.use('webAssembly'), name(bytes), name(imports), object(layout))
    writer.constant(this.name, pure(made))
    return { module, bytes: encoded }
  }

  private property({ import: { name: key }, js }: ImportedFunction): Property {
    switch (js.kind) {
      case 'operator': {
        const args = ['x', 'y', 'z'].slice(0, SIGNATURES[js.operator])
        const body = applyJs(js.operator, args.map(name), (part) => this.parts.use(part))
        return { key, value: { kind: 'arrow', parameter: args.join(', '), body } }
      }
      case 'routine':
        return { key, value: this.routine(js.routine, js.subject) }
    }
  }

  /** Addresses in bytes become positions in the memory as 64-bit numbers. */
  private routine(routine: Routine, subject: string): Js {
    const at = (address: string): Js[] => [call('numbers'), binary('/', name(address), number(8))]
    const own = this.parts.use(routine)
    const matrix = string(subject)
    switch (routine) {
      case 'factorise':
      case 'cofactorise':
        return arrow(['at', 'rows'], call(own, ...at('at'), name('rows')))
      case 'choleskyFactor':
        return arrow(['at', 'rows'], call(own, ...at('at'), name('rows'), matrix))
      case 'solveFactored':
      case 'solveTransposed': {
        const parameters = ['at', 'rows', 'columns', 'factors']
        const sizes = [name('rows'), name('columns')]
        return arrow(parameters, call(own, ...at('at'), ...sizes, ...at('factors'), matrix))
      }
    }
  }
}

const arrow = (parameters: readonly string[], body: Js): Js => ({
  kind: 'arrow',
  parameter: parameters.join(', '),
  body,
})

const urlOf = (file: string): Js => ({
  kind: 'call',
  callee: name('URL'),
  args: [string(`./${encodeURI(file)}`), { kind: 'member', object: name('import.meta'), property: 'url', optional: false }], // prettier-ignore
  prefix: 'new ',
})

/** A call that may be left out where nobody reads what it gives. */
export const pure = (js: Js): Js => (js.kind === 'call' ? { ...js, prefix: '/* @__PURE__ */ ' } : js)
