import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { format } from 'prettier'
import { describe, expect, test } from 'vitest'
import { embedded } from '../../scripts/embed.js'
import { evaluate } from '../../src/ops/apply.js'
import type { JsSpelling } from '../../src/ops/operator.js'
import { RUNTIME } from '../../src/ops/runtime-text.js'
import { SIGNATURES } from '../../src/ops/signatures.js'
import { isOperator, OPERATORS } from '../../src/ops/table.js'
import { draw, randomFrom } from './sampling.js'

const names = Object.keys(SIGNATURES).filter(isOperator)
const special = [0, 1, 2, -1, -3, 0.5, 1e-9, -27.5, 30, 1e200, -1e200, Infinity, -Infinity, NaN]

test('the generated text is up to date (npm run embed)', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  for (const [path, text] of await embedded()) expect(readFileSync(`${root}/${path}`, 'utf8')).toBe(text)
})

test('the text that modules copy is as prettier prints it by default', async () => {
  const module = Object.values(RUNTIME)
    .map(({ text }) => `${text}\n`)
    .join('\n')
  expect(await format(module, { parser: 'babel' })).toBe(module)
})

test('what a part needs exists', () => {
  for (const { needs } of Object.values(RUNTIME))
    for (const name of needs) expect(RUNTIME).toHaveProperty(name)
})

describe.each(names)('%s', (name) => {
  test('its JavaScript gives its value', () => {
    const js = javaScript(name)
    const random = randomFrom(name.length)
    const samples: readonly (readonly [number, number])[] = OPERATORS[name].sample
    for (let round = 0; round < 200; round++) {
      const at = samples.map((range) =>
        random() < 0.5 ? draw(random, range) : special[Math.floor(random() * special.length)],
      )
      // A boolean of JavaScript stands for 0 or 1, and `&&` and `||` for the truth of what they return.
      const given: unknown = js(...at)
      const value = name === 'and' || name === 'or' ? Number(Boolean(given)) : Number(given)
      expect(Object.is(value + 0, evaluate(name, at) + 0), `${name}(${at.join(', ')}) = ${value}`).toBe(true)
    }
  })
})

/** The operator as a module of its own would have it. */
function javaScript(name: keyof typeof OPERATORS): (...args: number[]) => unknown {
  const { js } = OPERATORS[name]
  const parts = js.kind === 'runtime' ? [...closure(js.name)].map((part) => RUNTIME[part].text) : []
  const args = ['a', 'b', 'c'].slice(0, SIGNATURES[name])
  return runInNewContext(`${parts.join('\n')}\n(${args.join(', ')}) => ${spelled(js, args)}`)
}

function spelled(js: JsSpelling, [a, b, c]: readonly string[]): string {
  switch (js.kind) {
    case 'prefix':
      return `${js.operator}${a}`
    case 'infix':
      return `${a} ${js.operator} ${b}`
    case 'conditional':
      return `${a} ? ${b} : ${c}`
    case 'math':
      return `Math.${js.name}(${[a, b, c].filter(Boolean).join(', ')})`
    case 'runtime':
      return `${js.name}(${[a, b, c].filter(Boolean).join(', ')})`
  }
}

function closure(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found
  found.add(name)
  for (const other of RUNTIME[name].needs) closure(other, found)
  return found
}
