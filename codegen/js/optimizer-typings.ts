/** The typings of an optimizer: states and updated parameters are nested as the parameters are. */
import type { ScheduledEntry } from '../../src/schedule/loop-program.js'
import { optimizerInputs } from '../../src/ir/program.js'
import { isIdentifier } from './syntax.js'
import { isReserved } from './names.js'
import type { Writer } from './writer.js'

const key = (name: string): string => (isIdentifier(name) ? name : JSON.stringify(name))

/** What the optimizers of a module share. */
export function writeNestedTypes(writer: Writer): void {
  const alias = (about: string, text: string): void => {
    writer.blank()
    writer.about(about)
    writer.raw(text)
  }
  alias(
    'Entries of one array of parameters. Of a number they are an array of one.',
    'export type Entries = Float32Array | Float64Array;',
  )
  alias(
    '`Leaf` in the place of each array and each number of nested parameters.',
    `export type InEach<Params, Leaf> = Params extends number | Entries
  ? Leaf
  : { [Key in keyof Params]: InEach<Params[Key], Leaf> };`,
  )
  alias(
    'Gradients of nested parameters: what else they hold is not looked at.',
    `export type GradientsOf<Params> = Params extends number
  ? number
  : Params extends Entries
    ? Numbers
    : { readonly [Key in keyof Params]: GradientsOf<Params[Key]> };`,
  )
}

export function writeOptimizerTypes(writer: Writer, { entry }: ScheduledEntry): void {
  const { name } = entry
  const { states, settings } = optimizerInputs(entry)
  writer.blank()
  writer.about(`What \`${name}\` remembers of each array of parameters; zeros at first.`)
  writer.block(`export interface ${name}State`, () => {
    for (const { name: state, def, doc } of states) {
      if (doc !== undefined) writer.about(doc)
      writer.raw(`${key(state)}: ${def.idx.length === 0 ? 'number' : 'Entries'};`)
    }
  })
  writer.blank()
  writer.about(`Settings of \`${name}\`.`)
  writer.block(`export interface ${name}Settings`, () => {
    for (const { name: setting, default: value, doc } of settings) {
      writer.about(`${doc === undefined ? '' : `${doc} `}${value} by default.`)
      writer.raw(`${key(setting)}?: number;`)
    }
  })
  const declared = (method: string): string => {
    const flat = `${name}_${method}`
    return `export declare function ${isReserved(flat) ? `${flat}_` : flat}<Params>`
  }
  writer.blank()
  writer.about(`The states of \`${name}\` before the first step.`)
  writer.signature(declared('init'), ['params: Params'], `InEach<Params, ${name}State>`)
  writer.blank()
  writer.about(
    `One step of \`${name}\`. Arrays and objects are updated in place, states too, and the parameters are returned.`,
  )
  writer.signature(
    declared('step'),
    [
      'params: Params',
      'grads: GradientsOf<Params>',
      `state: InEach<Params, ${name}State>`,
      `settings?: ${name}Settings`,
    ],
    'Params',
  )
  writer.blank()
  writer.about(entry.doc ?? `The optimizer \`${name}\`.`)
  writer.block(
    `export declare const ${isReserved(name) ? `${name}_` : name}:`,
    () => {
      for (const method of ['init', 'step']) writer.raw(`readonly ${method}: typeof ${name}_${method};`)
    },
    '};',
  )
}
