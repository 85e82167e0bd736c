/** Unique names for everything in the dump of a program. */
import type { Def, Size } from './expr.js'

/** Words of the dump: nothing else is called so. */
export const RESERVED: ReadonlySet<string> = new Set([
  'if', 'then', 'else', 'and', 'or', 'not', 'let', 'in', 'where', 'pi', 'inf', 'nan', 'none',
  'sum', 'prod', 'max', 'min', 'argmax', 'argmin', 'logsumexp',
  'size', 'assume', 'input', 'param', 'table', 'matrix', 'routine', 'rule', 'derivative', 'function', 'model', 'optimizer',
]) // prettier-ignore

/** A name that stands for itself; any other is quoted. A path `l1.W` is one name. */
const PLAIN = /^[\p{L}_][\p{L}\p{M}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{M}\p{N}_]*)*$/u

export const spelled = (name: string): string =>
  PLAIN.test(name) ? name : `\`${JSON.stringify(name).slice(1, -1).replaceAll('`', '\\u0060')}\``

/** The name, with its number among all where it is not unique: `sum%12`. */
function numbered<T extends { readonly name: string }>(things: readonly T[]): Map<T, string> {
  const counts = new Map<string, number>()
  for (const { name } of things) counts.set(name, (counts.get(name) ?? 0) + 1)
  return new Map(
    things.map((thing, at) => {
      const isUnique = counts.get(thing.name) === 1 && !RESERVED.has(thing.name)
      return [thing, isUnique ? spelled(thing.name) : `${spelled(thing.name)}%${at}`]
    }),
  )
}

export class ProgramNames {
  private readonly sizes: ReadonlyMap<Size, string>
  private readonly definitions: ReadonlyMap<Def, string>
  private readonly sizeNames: ReadonlySet<string>

  constructor(sizes: readonly Size[], definitions: readonly Def[]) {
    this.sizes = numbered(sizes)
    this.definitions = numbered(definitions)
    this.sizeNames = new Set(this.sizes.values())
  }

  size(size: Size): string {
    return this.sizes.get(size) ?? foreign(`size ${size.name}`)
  }

  definition(def: Def): string {
    return this.definitions.get(def) ?? foreign(def.name)
  }

  /** Names for the indices of one definition, apart from each other and from sizes. */
  indices(wanted: readonly string[]): string[] {
    const taken = new Set<string>()
    return wanted.map((name) => {
      let unique = spelled(name)
      for (let count = 1; taken.has(unique) || this.sizeNames.has(unique) || RESERVED.has(unique); count++)
        unique = spelled(`${name}${count}`)
      taken.add(unique)
      return unique
    })
  }
}

function foreign(name: string): never {
  throw new Error(`'${name}' is no part of the program that is printed`)
}
