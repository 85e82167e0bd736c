/** Each function and each model of the library, used alone as a program would: compiled, and its gradient checked. */
import { describe, expect, test } from 'vitest'
import type { FunctionDeclaration, ModelDeclaration, Signature } from '../../grammar/ast.js'
import type { Span } from '../../src/base/source.js'
import { LIBRARY, parseLibrary } from '../../src/std/library.js'
import { checkGradients, formatReport } from '../../src/verify/check.js'
import { ENOUGH, TARGET } from '../target.js'

type Sizes = Readonly<Record<string, number>>

/** Values for the sizes of models that have no default. */
const SIZES: Sizes = { m: 3, k: 2, words: 7, size: 3, hidden: 4 }

const parametersText = ({ parameters }: Signature): string =>
  parameters.map(({ span }) => textAt(span)).join(', ')

const textAt = ({ source, start, end }: Span): string => source.text.slice(start, end)

const namesIn = ({ parameters }: Signature): string => parameters.map(({ name }) => name.name).join(', ')

/** A program that only calls the function. */
const callOf = ({ signature }: FunctionDeclaration): string =>
  `export fn alone(${parametersText(signature)}) = ${signature.name.name}(${namesIn(signature)})`

/** A program that only applies the model, which has its sizes by default unless they are given. */
function layerOf({ signature, body }: ModelDeclaration, specifier: string, given: Sizes = {}): string {
  const { name } = signature.name
  const sizes = (signature.sizes ?? []).map((size) => {
    const value = given[size.name.name] ?? (size.default ? undefined : SIZES[size.name.name])
    return { name: size.name.name, value, text: textAt(size.span) }
  })
  const header = sizes.map(({ name, value, text }) => (value === undefined ? text : `${name} = ${value}`))
  const named = sizes.flatMap(({ name, value }) => (value === undefined ? [] : [`${name} = ${name}`]))
  const brackets = (texts: string[]) => (texts.length > 0 ? `[${texts.join(', ')}]` : '')
  const outs = body.flatMap((statement) => (statement.kind === 'out' ? statement.targets : []))
  const results = outs.map((_, at) => `result${at}`).join(', ')
  return `import { ${name} } from "${specifier}"
model Alone${brackets(header)}(${parametersText(signature)}) {
  param layer: ${name}${brackets(named)}
  ${results} = layer(${namesIn(signature)})
  out ${results}
}`
}

/** Other sizes of the same models. */
const VARIANTS: readonly [name: string, sizes: Sizes][] = [
  ['Conv1d', { size: 2, stride: 2 }],
  ['Conv1d', { padding: 2, dilation: 2 }],
  ['Conv2d', { size: 2, stride: 2, padding: 1 }],
  ['Conv2d', { size: 2, dilation: 2 }],
  ['ConvTransposed2d', { size: 3, stride: 2 }],
  ['DepthwiseConv2d', { size: 2, stride: 2 }],
  ['MultiHeadAttention', { heads: 2, k: 3, causal: 1 }],
  ['GroupNorm', { groups: 2 }],
  ['TransformerBlock', { heads: 2, k: 2, hidden: 3, causal: 1 }],
  ['Maxout', { pieces: 3 }],
]

interface Case {
  readonly title: string
  readonly text: string
}

const cases = LIBRARY.flatMap((file): Case[] =>
  parseLibrary(file).statements.flatMap((statement): Case[] => {
    if (statement.kind === 'model') {
      const { name } = statement.signature.name
      const variants = VARIANTS.filter(([of]) => of === name).map(([, sizes]) => sizes)
      return [{}, ...variants].map((sizes) => ({
        title: `${file.specifier} ${name} ${JSON.stringify(sizes)}`,
        text: layerOf(statement, file.specifier, sizes),
      }))
    }
    if (statement.kind !== 'function' || !statement.exported) return []
    const { name } = statement.signature.name
    if (statement.word === 'optimizer')
      return [{ title: `${file.specifier} ${name}`, text: `import { ${name} } from "${file.specifier}"` }]
    return [{ title: `${file.specifier} ${name}`, text: callOf(statement) }]
  }),
)

describe('alone', () => {
  test.each(cases)('$title', async ({ text }) => {
    const report = await checkGradients(text, { verify: true, target: TARGET, ...ENOUGH })
    expect(report.diagnostics.map(({ message }) => message)).toEqual([])
    expect(report.ok, formatReport(report)).toBe(true)
  })
})
