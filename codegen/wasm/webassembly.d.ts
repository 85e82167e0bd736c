/** What modules, tests and measurements use of the API; TypeScript has it among the declarations for browsers only. */
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number })
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }

  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>)
  }

  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>)
    readonly exports: Readonly<Record<string, unknown>>
  }

  function validate(bytes: Uint8Array<ArrayBuffer>): boolean
}
