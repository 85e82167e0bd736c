import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { CommandFailure } from './failure.js'
import type { Io } from './io.js'
import { displayName } from './read-source.js'

/** One input of `nnc build` and where its module goes: `undefined` stands for standard input or output. */
export interface Target {
  readonly input: string | undefined
  readonly output: string | undefined
}

/** Decides where every input goes, and refuses what would overwrite an input or another output. */
export function planTargets(inputs: readonly string[], out: string | undefined, cwd: Io['cwd']): Target[] {
  const paths = [...new Set(inputs.map((input) => (input === '-' ? '-' : resolve(cwd, input))))]
  const toFolder = out !== undefined && out !== '-' && isFolder(out, cwd)
  if (paths.length > 1 && out !== undefined && !toFolder)
    throw new CommandFailure(
      'usage',
      `several files cannot all go to '${out}'; name a folder: -o ${out === '-' ? 'build' : out}/`,
    )
  const targets = paths.map((path) => ({
    input: path === '-' ? undefined : path,
    output: outputOf(path, out, toFolder, cwd),
  }))
  refuseCollisions(targets, cwd)
  return targets
}

function isFolder(out: string, cwd: string): boolean {
  const path = resolve(cwd, out)
  return out.endsWith('/') || out.endsWith(sep) || (existsSync(path) && statSync(path).isDirectory())
}

function outputOf(
  input: string,
  out: string | undefined,
  toFolder: boolean,
  cwd: string,
): string | undefined {
  if (out === '-') return undefined
  if (out !== undefined && !toFolder) return resolve(cwd, out)
  if (input === '-') {
    if (out === undefined) return undefined
    throw new CommandFailure(
      'usage',
      `standard input has no name: give the output file, as in -o ${out}/model.js`,
    )
  }
  const name = `${basename(input).replace(/\.nn$/, '')}.js`
  return out === undefined ? join(dirname(input), name) : resolve(cwd, out, name)
}

function refuseCollisions(targets: readonly Target[], cwd: string): void {
  const inputs = new Set(targets.map(({ input }) => input))
  const outputs = new Map<string, string | undefined>()
  for (const { input, output } of targets) {
    if (output === undefined) continue
    if (inputs.has(output))
      throw new CommandFailure('usage', `the output would overwrite the input '${displayName(output, cwd)}'`)
    if (outputs.has(output))
      throw new CommandFailure(
        'usage',
        `'${displayName(outputs.get(output) ?? '-', cwd)}' and '${displayName(input ?? '-', cwd)}' both become '${displayName(output, cwd)}'`,
      )
    outputs.set(output, input)
  }
}

/** `model.js` → `model.wasm`. */
export const wasmPath = (output: string): string => `${output.replace(/\.[cm]?js$/, '')}.wasm`

/** `model.js` → `model.d.ts`, `model.mjs` → `model.d.mts`. */
export function typingsPath(output: string): string {
  return /\.[cm]?js$/.test(output) ? output.replace(/\.([cm]?)js$/, '.d.$1ts') : `${output}.d.ts`
}
