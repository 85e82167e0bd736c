/** From the text of a `.nn` file to a JavaScript module: synchronous and pure. */
import { parseFile } from '../grammar/parse.js'
import type { ModuleInterface } from '../codegen/js/interface.js'
import { emitModule, type TargetedEntry } from '../codegen/js/module.js'
import type { Target } from '../codegen/target.js'
import { printModule } from '../codegen/wasm/text.js'
import { type Diagnostic, Diagnostics } from './base/diagnostic.js'
import { located, type LocatedDiagnostic } from './base/located.js'
import { error, type Message, warning } from './base/messages.js'
import { checkProgram } from './check/check.js'
import type { DifferentiateOptions } from './differentiate/differentiate.js'
import { untrainedParameters } from './differentiate/untrained.js'
import { type CompileOptions, type Dtype, mistakeIn } from './compile-options.js'
import { Graph } from './ir/graph.js'
import {
  equationsOf,
  named,
  partialDerivatives,
  type Equations,
  type EquationsOptions,
  type PartialDerivative,
} from './expression/equations.js'
import { type Observer, type Pass, runPasses } from './ir/pass.js'
import { printProgram } from './ir/print-dump.js'
import type { Entry, Program } from './ir/program.js'
import { verifyProgram } from './ir/verify.js'
import { PASS_NAMES, pipeline } from './pipeline.js'
import type { ScheduledEntry } from './schedule/loop-program.js'
import { WEBASSEMBLY } from './schedule/machine.js'
import { scheduleEntry, type ScheduleOptions } from './schedule/schedule.js'

export type { CompileOptions, Dtype, Target }

export interface CompileResult {
  /** The ES module; `''` if there are errors. */
  readonly code: string
  /** Its typings. */
  readonly dts: string
  /** A source map (JSON) that leads to the lines of the `.nn` file, if asked for. */
  readonly map: string | undefined
  /** The same for the typings: "go to definition" ends in the `.nn` file. */
  readonly dtsMap: string | undefined
  /** The bytes of WebAssembly for the file that `wasmFile` names, if there are any. */
  readonly wasm: Uint8Array | undefined
  /** The names that the module exports, and the shapes of the parameters of its models. */
  readonly interface: ModuleInterface
  readonly diagnostics: readonly LocatedDiagnostic[]
  /** The files that were imported, as `read` named them. */
  readonly files: readonly string[]
}

/** A checked file: the program before any pass. */
export interface Analysis {
  /** Absent if there are errors. */
  readonly program: Program | undefined
  readonly diagnostics: readonly Diagnostic[]
  readonly files: readonly string[]
}

/** Parses and checks. */
export function analyse(source: string, options: CompileOptions = {}): Analysis {
  const { filename = 'input.nn', define, read } = options
  const diagnostics = new Diagnostics()
  const files: string[] = []
  const file = parseFile({ filename, text: source }, diagnostics)
  const program = checkProgram(file, {
    graph: new Graph(),
    diagnostics,
    filename,
    define,
    read:
      read &&
      ((specifier, importer) => {
        const found = read(specifier, importer)
        files.push(found.filename)
        return found
      }),
  })
  return { program: diagnostics.hasErrors ? undefined : program, diagnostics: diagnostics.list, files }
}

/** The module of a program that checking left. Each call runs the passes on it anew. */
export function emit(
  program: Program,
  options: CompileOptions = {},
  differentiate: DifferentiateOptions = {},
) {
  const {
    filename = 'input.nn',
    dtype,
    sourcemap = false,
    verify = false,
    exportAll = false,
    tangents,
    checkpoint,
    math,
    target = 'js',
    wasmFile,
  } = options
  const entries = program.entries.filter((entry) => isEmitted(entry, exportAll))
  const verifier: Observer = { after: (current, pass) => verifyProgram(current, pass?.name ?? 'check') }
  const final = runPasses(
    { ...program, entries },
    pipeline({ tangents, ...differentiate }),
    verify ? verifier : undefined,
  )
  const targeted = final.entries.map((entry) =>
    scheduleFor(target, final.graph, entry, { dtype, checkpoint }),
  )
  const remarks = targeted.flatMap(({ scheduled: { entry, methods } }) =>
    methods.flatMap((method) =>
      method.remarks.map(({ def, because }) => {
        return warning(notCheckpointed(def.name, because), def.origin.span ?? entry.span)
      }),
    ),
  )
  remarks.sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0))
  return { ...emitModule(targeted, { filename, sourcemap, exportAll, dtype, math, wasmFile }), remarks }
}

/**
 * Optimizers stay in JavaScript: they read and write each number once. So do, if there is a choice, entries without arrays: a call into
 * WebAssembly costs more than it saves.
 */
function scheduleFor(target: Target, graph: Graph, entry: Entry, options: ScheduleOptions): TargetedEntry {
  const inJavaScript = (): ScheduledEntry => scheduleEntry(graph, entry, options)
  if (target === 'js' || entry.kind === 'optimizer') return { scheduled: inJavaScript(), target: 'js' }
  const scheduled = scheduleEntry(graph, entry, { ...options, machine: WEBASSEMBLY })
  if (target === 'wasm') return { scheduled, target }
  const fallback = inJavaScript()
  const hasArrays = scheduled.methods.some(({ buffers }) => buffers.length > 0)
  return hasArrays ? { scheduled, target: 'wasm', fallback } : { scheduled: fallback, target: 'js' }
}

/** A recurrence that `checkpoint` leaves as it is. */
const notCheckpointed = (name: string, because: string): Message => ({
  code: 'not-checkpointed',
  message: `the gradient keeps all steps of '${name}': ${because}`,
})

const isEmitted = (entry: Entry, all: boolean): boolean => all || entry.exported || entry.kind === 'model'

/** A loss of models that gradient descent cannot lower. */
const zeroGradient = (model: string, names: string): Message => ({
  code: 'zero-gradient',
  message: `the loss of '${model}' depends on ${names} only through comparisons or roundings: the gradient is 0`,
  suggestion: 'train with a smooth or hinge loss, and report this one as a metric',
})

function untrained(entry: Entry): Diagnostic[] {
  const params = untrainedParameters(entry)
  if (params.length === 0) return []
  const names = params.map(({ name }) => `'${name}'`).join(', ')
  return [warning(zeroGradient(entry.name, names), params[0].origin?.span ?? entry.span)]
}

const NOTHING: ModuleInterface = { exports: [], parameters: {} }

/** Compiles a file. Mistakes of the user are diagnostics; only bugs are thrown. */
export function compileModule(source: string, options: CompileOptions = {}): CompileResult {
  const mistake = typeof source === 'string' ? mistakeIn(options) : 'the source is the text of a .nn file'
  if (mistake !== undefined) return withoutModule([error(invalidOption(mistake))], [])
  const { program, diagnostics, files } = analyse(source, options)
  if (!program) return withoutModule(diagnostics, files)
  const { exportAll = false, wasmFile } = options
  const { remarks, wasm, ...module } = emit(program, options)
  return {
    ...module,
    wasm: wasmFile === undefined ? undefined : wasm?.bytes,
    diagnostics: located([...diagnostics, ...warningsOf(program, exportAll), ...remarks]),
    files,
  }
}

/** Options come from JavaScript too, where nothing checks their types. */
const invalidOption = (because: string): Message => ({ code: 'invalid-option', message: because })

const withoutModule = (diagnostics: readonly Diagnostic[], files: readonly string[]): CompileResult => ({
  code: '',
  dts: '',
  map: undefined,
  dtsMap: undefined,
  wasm: undefined,
  interface: NOTHING,
  diagnostics: located(diagnostics),
  files,
})

/** What is remarkable about a program without mistakes. */
export const warningsOf = ({ entries }: Program, exportAll = false): Diagnostic[] =>
  entries.filter((entry) => isEmitted(entry, exportAll)).flatMap(untrained)

/** Each function and model as equations, and those of its gradient, before the spellings for the code are chosen. */
export function equations(
  source: string,
  options: CompileOptions & EquationsOptions = {},
): { readonly entries: readonly Equations[]; readonly diagnostics: readonly Diagnostic[] } {
  const { program, diagnostics } = analyse(source, options)
  if (!program) return { entries: [], diagnostics }
  named(program)
  return { entries: equationsOf(runPasses(program, passesUpTo('simplify')), options), diagnostics }
}

/** The partial derivatives of one entry as equations; the program is used up. */
export function derivativesOf({ graph }: Program, entry: Entry): readonly PartialDerivative[] {
  const program = { graph, entries: [entry] }
  named(program)
  const final = runPasses(program, passesUpTo('simplify'))
  return final.entries.flatMap((each) => partialDerivatives(final.graph, each))
}

const passesUpTo = (name: string): readonly Pass[] => {
  const passes = pipeline()
  return passes.slice(0, passes.findIndex((pass) => pass.name === name) + 1)
}

/** The program as text, as a pass leaves it (the last one by default); `check` is the program before any pass. */
export function dumpPass(
  source: string,
  options: CompileOptions = {},
  after: string = PASS_NAMES[PASS_NAMES.length - 1],
): { readonly text: string; readonly diagnostics: readonly Diagnostic[] } {
  const { program, diagnostics } = analyse(source, options)
  if (!program) return { text: '', diagnostics }
  return { text: printProgram(runPasses(program, passesUpTo(after))), diagnostics }
}

/** The WebAssembly of a program as text; empty where all of it is JavaScript. */
export function dumpWasm(
  source: string,
  options: CompileOptions = {},
): { readonly text: string; readonly diagnostics: readonly Diagnostic[] } {
  const { program, diagnostics } = analyse(source, options)
  const { wasm } = program ? emit(program, { target: 'wasm', ...options }) : {}
  return { text: wasm ? printModule(wasm.module) : '', diagnostics }
}

export { PASS_NAMES }
