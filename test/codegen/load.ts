import { check } from 'prettier'
import { expect } from 'vitest'
import { compileModule, type CompileOptions } from '../../src/compile.js'
import { TARGET } from '../target.js'

/** A generated module as its users see it, after its texts have passed prettier with default options. */
export async function load(source: string, options: CompileOptions = {}): Promise<Record<string, unknown>> {
  const { code, dts, diagnostics } = compileModule(source, {
    filename: 'test.nn',
    target: TARGET,
    ...options,
  })
  expect(diagnostics.map(({ message }) => message)).toEqual([])
  expect(await check(code, { parser: 'babel' })).toBe(true)
  expect(await check(dts, { parser: 'typescript' })).toBe(true)
  return evaluate(code)
}

export async function evaluate(code: string): Promise<Record<string, unknown>> {
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
}

/** A member of a module, followed down a path, called. */
export function run(module: unknown, path: string, ...args: readonly unknown[]): unknown {
  const found = member(module, path)
  if (typeof found !== 'function') throw new Error(`'${path}' is no function`)
  return Reflect.apply(found, undefined, args)
}

export function member(value: unknown, path: string): unknown {
  return path.split('.').reduce((inner: unknown, key) => {
    const holds = (typeof inner === 'object' && inner !== null) || typeof inner === 'function'
    return holds ? Reflect.get(inner, key) : undefined
  }, value)
}
