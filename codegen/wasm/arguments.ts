/** What a kernel and its parts are called with. */
import type { Buffer, Local, Method, Part, Statement } from '../../src/schedule/loop-program.js'
import { touchedBy } from '../../src/schedule/split.js'
import type { Argument } from '../js/kernel.js'
import { lengthOf } from '../js/statements.js'

const ROLES: readonly Buffer['role'][] = ['input', 'param', 'table', 'temp', 'result']

export function argumentsOf(method: Method, scalars: number): Argument[] {
  const args: Argument[] = [
    ...method.sizes.map(({ size }): Argument => ({ kind: 'size', size })),
    ...method.scalars.map(({ def }): Argument => ({ kind: 'scalar', def })),
    ...method.optional.map(({ flag }): Argument => ({ kind: 'flag', local: flag })),
  ]
  for (const role of ROLES)
    for (const buffer of method.buffers.filter((other) => other.role === role))
      args.push({ kind: 'buffer', buffer })
  const whole = [...method.parts, method].flatMap(({ body }) => buffersOfUnknownLength(body))
  for (const buffer of new Set(whole.map((each) => method.sharing.get(each) ?? each)))
    args.push({ kind: 'length', buffer })
  if (method.state.size > 0) args.push({ kind: 'state', length: Math.max(...method.state.values()) + 1 })
  if (scalars > 0) args.push({ kind: 'scalars', length: scalars })
  return args
}

/** Buffers that are filled or copied as wholes, whose length is not known when compiling. */
function buffersOfUnknownLength(body: readonly Statement[]): Buffer[] {
  const found: Buffer[] = []
  const pending = [...body]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.kind === 'fill' && !next.range && lengthOf(next.buffer) === undefined) found.push(next.buffer)
    if (next.kind === 'copy' && lengthOf(next.to) === undefined) found.push(next.to)
    if (next.kind === 'loop') pending.push(...next.body)
    if (next.kind === 'branch') pending.push(...next.consequent, ...next.alternate)
  }
  return found
}

/** A part gets what it touches. */
export function isTouchedBy(method: Method, part: Part): (arg: Argument) => boolean {
  const touched = touchedBy(part.body)
  const buffers = new Set([...touched.buffers].map((buffer) => method.sharing.get(buffer) ?? buffer))
  const declared = part.body.flatMap((each) => (each.kind === 'constant' || each.kind === 'variable' ? [each.local] : [])) // prettier-ignore
  const hasState = [...touched.locals, ...declared].some((local) => method.state.has(local))
  const localOf = (arg: Argument): Local | undefined => {
    if (arg.kind === 'size') return method.sizes.find(({ size }) => size === arg.size)?.local
    if (arg.kind === 'scalar') return method.scalars.find(({ def }) => def === arg.def)?.local
    return arg.kind === 'flag' ? arg.local : undefined
  }
  return (arg) => {
    if (arg.kind === 'buffer' || arg.kind === 'length') return buffers.has(arg.buffer)
    if (arg.kind === 'state') return hasState
    const local = localOf(arg)
    return local !== undefined && touched.locals.has(local)
  }
}
