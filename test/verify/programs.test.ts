/** Each program of `test/programs` passes `nnc check`. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { checkGradients, formatReport } from '../../src/verify/check.js'
import { TARGET } from '../target.js'

const folder = fileURLToPath(new URL('../programs/', import.meta.url))
const textOf = (filename: string): string => readFileSync(folder + filename, 'utf8')
/** The slowest by far: the example that it became, `examples/lenet`, is checked over both targets. */
const AS_EXAMPLE = '13-lenet5.nn'
const names = readdirSync(folder).filter((name) => name.endsWith('.nn') && name !== AS_EXAMPLE).sort() // prettier-ignore

/** Smaller than they are written, for time. */
const SMALLER: Readonly<Record<string, object>> = {
  '07-mlp.nn': { define: { hidden: 16 } },
}

test.each(names)(
  '%s',
  async (filename) => {
    const read = (specifier: string) => ({ filename: specifier, source: textOf(specifier.replace('./', '')) })
    const report = await checkGradients(textOf(filename), {
      filename,
      read,
      target: TARGET,
      points: 1,
      ...SMALLER[filename],
    })
    expect(report.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(report.entries).toBeGreaterThan(0)
    expect(new Set(report.rows.map(({ entry }) => entry)).size).toBe(report.entries)
    expect(formatReport(report)).toMatch(/PASS: all (gradients|values) agree\n$/)
  },
  600_000,
)
