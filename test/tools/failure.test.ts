import { expect, test } from 'vitest'
import { withoutModuleText } from '../../src/tools/cli/failure.js'

test('a stack names a generated module by a word, not by its text', async () => {
  const code = `export function fail(x) { throw new Error(String(x)) } // ${'long '.repeat(1000)}`
  const { fail } = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(code)}`)
  let stack = ''
  try {
    fail('why')
  } catch (error) {
    if (error instanceof Error) stack = error.stack ?? ''
  }
  expect(stack).toContain('data:text/javascript')
  expect(withoutModuleText(stack)).toMatch(/^Error: why\n +at .*<generated module>:1:\d+/)
  expect(withoutModuleText(stack)).not.toMatch(/long|export/)
})
