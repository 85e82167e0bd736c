import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { APP, write } from '../plugin/app.js'
import { BUNDLERS } from '../plugin/bundlers.js'
import { temporaryFolder } from '../tools/temporary-folder.js'
import { Chromium } from './chromium.js'
import { POLICY, serve } from './server.js'

/** The page imports a script, and shows what became of it. */
const page = (script: string): Record<string, string> => ({
  'out/page.html': '<!doctype html><title>nnc</title><script type="module" src="page.js"></script>\n',
  'out/page.js': script,
})

const RESULTS = `import * as app from './main.mjs'
globalThis.result = Object.fromEntries(
  Object.entries(app).map(([name, value]) => [name, typeof value === 'number' ? value : [value.constructor.name, ...value]]),
)
`

const plain = (exported: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(exported).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : [value.constructor.name, ...value],
    ]),
  )

const namesIn = (results: object): unknown[] =>
  Object.entries(results).flat(2).filter((part) => typeof part !== 'number') // prettier-ignore
const numbersIn = (results: object): number[] =>
  Object.values(results).flat().filter((part) => typeof part === 'number') // prettier-ignore

let chromium: Chromium
beforeAll(() => {
  chromium = Chromium.start()
})
afterAll(() => chromium?.close())

async function show(folder: string) {
  const site = await serve(`${folder}/out`)
  try {
    return await chromium.visit(`${site.url}/page.html`)
  } finally {
    await site.close()
  }
}

test('the policy holds: eval and new Function throw, and are complained of', async () => {
  expect(POLICY).not.toContain('unsafe')
  const folder = temporaryFolder()
  const attempt = (name: string, code: string) =>
    `try { ${code}; tried.${name} = 'ran' } catch (error) { tried.${name} = error.name }\n`
  const attempts = `${attempt('direct', 'eval("1")')}${attempt('built', 'new Function("return 1")()')}`
  write(folder, page(`const tried = {}\n${attempts}globalThis.result = tried\n`))
  const { result, complaints } = await show(folder)
  expect(result).toEqual({ direct: 'EvalError', built: 'EvalError' })
  expect(complaints.filter((text) => text.includes('policy violated: script-src eval'))).toHaveLength(2)
})

test('exceptions and what a page writes into its console are seen', async () => {
  const folder = temporaryFolder()
  write(folder, page('console.error("seen"); throw new RangeError("this too")\n'))
  const { complaints } = await show(folder)
  expect(complaints.join('\n')).toContain('seen')
  expect(complaints.join('\n')).toContain('RangeError: this too')
})

describe.each(BUNDLERS)('$name', ({ build }) => {
  test('its bundle trains under the policy as it does in Node', async () => {
    const folder = temporaryFolder()
    write(folder, { ...APP, ...page(RESULTS) })
    const { file, code } = await build(folder)
    // A bundler that empties its folder takes the page with it.
    write(folder, page(RESULTS))
    expect(readFileSync(file, 'utf8')).toBe(code)
    const { result, complaints } = await show(folder)
    const inNode: object = await import(file)
    expect(complaints).toEqual([])
    const [shown, expected] = [Object(result), plain(inNode)]
    expect(namesIn(shown)).toEqual(namesIn(expected))
    // The last digits of `Math.tanh` and others change with the version of V8.
    const numbers = numbersIn(expected)
    expect(numbersIn(shown)).toHaveLength(numbers.length)
    for (const [at, number] of numbersIn(shown).entries()) expect(number).toBeCloseTo(numbers[at], 12)
    expect(result).toMatchObject({ weights: { length: 17 }, narrow: { length: 7 } })
  })
})
