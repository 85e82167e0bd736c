import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseFile } from '../../grammar/parse.js'
import { Diagnostics } from '../../src/base/diagnostic.js'
import { checkProgram } from '../../src/check/check.js'
import { Graph } from '../../src/ir/graph.js'
import { runPasses } from '../../src/ir/pass.js'
import { printDefinition, printExpr, printProgram } from '../../src/ir/print.js'
import { allExpressionsOf, definitionsOf } from '../../src/ir/program-contents.js'
import { readProgram } from '../../src/ir/read.js'
import { verifyProgram } from '../../src/ir/verify.js'
import { pipeline } from '../../src/pipeline.js'
import { findAbnormal } from './normal-form.js'

const folder = fileURLToPath(new URL('../programs', import.meta.url))
const source = (name: string): string => readFileSync(join(folder, name), 'utf8')
const read = (specifier: string): { filename: string; source: string } => ({
  filename: specifier,
  source: source(specifier),
})

test.each(readdirSync(folder).filter((name) => name.endsWith('.nn')))(
  'after each pass %s is valid, in normal form, and its dump reads back',
  (filename) => {
    const diagnostics = new Diagnostics()
    const file = parseFile({ filename, text: source(filename) }, diagnostics)
    const program = checkProgram(file, { graph: new Graph(), diagnostics, filename, define: undefined, read })
    expect(diagnostics.list.filter(({ severity }) => severity === 'error')).toEqual([])
    runPasses(program, pipeline(), {
      after: (current, pass) => {
        const name = pass?.name ?? 'check'
        verifyProgram(current, name)
        const definitions = definitionsOf(current)
        const abnormal = findAbnormal(current.graph, definitions.flatMap(allExpressionsOf))
        expect(abnormal && printExpr(abnormal), `normal form after ${name}`).toBeUndefined()
        const text = printProgram(current)
        expect(printProgram(readProgram(text)), `dump after ${name}`).toBe(text)
        for (const def of definitions) expect(printDefinition(def)).not.toBe('')
      },
    })
  },
)
