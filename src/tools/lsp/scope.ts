import { isBuiltin } from '../../check/builtin-names.js'
import { LIBRARY } from '../../std/library.js'
import type { Block, Declaration } from './symbols.js'

/** Names visible in a block, by the rules of `src/check/scope.ts`: values and functions do not hide each other. */
export class Scope {
  readonly values = new Map<string, Declaration>()
  readonly functions = new Map<string, Declaration>()

  constructor(
    readonly outer: Scope | undefined,
    readonly block: Block,
  ) {}

  value(name: string): Declaration | undefined {
    return outward(this, ({ values }) => values.get(name))
  }

  function(name: string): Declaration | undefined {
    return outward(this, ({ functions }) => functions.get(name))
  }

  /** What `name(…)` calls: the nearest function or layer, or a parameter that is a function. */
  callee(name: string): Declaration | undefined {
    const found = outward(this, ({ values, functions }) => {
      const value = values.get(name)
      const isCalled = value?.kind === 'layer' || (value?.kind === 'parameter' && !isBuiltin(name))
      return isCalled ? value : functions.get(name)
    })
    // A value of that name does not hide a function that is always there.
    return found ?? (isAlwaysThere(name) ? undefined : this.value(name))
  }
}

const isAlwaysThere = (name: string): boolean =>
  isBuiltin(name) || LIBRARY.some(({ functions }) => functions.includes(name))

function outward(from: Scope, find: (scope: Scope) => Declaration | undefined): Declaration | undefined {
  for (let scope: Scope | undefined = from; scope; scope = scope.outer) {
    const found = find(scope)
    if (found) return found
  }
  return undefined
}
