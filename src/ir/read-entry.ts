/** Entries of a dump: functions, models and optimisers. */
import type { Def, InputDef, ParamDef, Size } from './expr.js'
import type { Backward, Entry, EntryKind, Initial, Tangent } from './program.js'
import type { ExpressionReader } from './read-expression.js'
import type { OriginReader } from './read-origins.js'
import type { TokenReader } from './read-tokens.js'

/** A number of JavaScript: `-1e-5`, `inf`, `nan`. */
export function readDouble(tokens: TokenReader): number {
  const sign = tokens.accept('-') ? -1 : 1
  if (tokens.accept('inf')) return sign * Infinity
  if (tokens.accept('nan')) return NaN
  return sign * Number(tokens.takeKind('number').text)
}

type Draft = { -readonly [K in keyof Entry]: Entry[K] extends readonly (infer T)[] ? T[] : Entry[K] }

export class EntryReader {
  constructor(
    private readonly tokens: TokenReader,
    private readonly origins: OriginReader,
    private readonly expressions: ExpressionReader,
    private readonly sizeNamed: (name: string) => Size | undefined,
  ) {}

  entry(kind: EntryKind): Entry {
    const { tokens } = this
    const name = tokens.takeKind('string').value
    const exported = tokens.accept('exported')
    tokens.expect('{')
    tokens.expect('at')
    const span = this.origins.span(tokens)
    const entry: Draft = {
      kind, name, exported, span, doc: this.doc(), sizes: [], params: [], inputs: [], outputs: [], loss: undefined,
      checks: [], backward: undefined,
    } // prettier-ignore
    while (!tokens.accept('}')) this.part(entry)
    return entry
  }

  private part(entry: Draft): void {
    const { tokens } = this
    const word = tokens.takeKind('name').text
    switch (word) {
      case 'size':
        return void entry.sizes.push(this.size())
      case 'param':
        return void entry.params.push(this.parameter())
      case 'input':
        return void entry.inputs.push(this.input())
      case 'output': {
        const name = tokens.takeKind('string').value
        tokens.expect('=')
        return void entry.outputs.push({ name, def: this.def(), doc: this.doc() })
      }
      case 'loss':
        entry.loss = this.def()
        return
      case 'check': {
        const expr = this.expressions.expression()
        const message = tokens.takeKind('string').value
        const span = tokens.accept('at') ? this.origins.span(tokens) : undefined
        return void entry.checks.push({ expr, message, span })
      }
      case 'backward':
        entry.backward = this.backward()
        return
      case 'tangent':
        entry.tangent = this.tangent()
        return
      default:
        tokens.fail(`'${word}' is no part of an entry`)
    }
  }

  private size(): Entry['sizes'][number] {
    const { tokens } = this
    const { text } = tokens.takeKind('name')
    const size = this.sizeNamed(text) ?? tokens.fail(`unknown size '${text}'`)
    tokens.expect('=')
    const input = this.inputDef()
    tokens.expect('axis')
    return { size, input, axis: Number(tokens.takeKind('number').text) }
  }

  private parameter(): Entry['params'][number] {
    const { tokens } = this
    const path: string[] = []
    while (tokens.next.kind === 'string') path.push(tokens.take().value)
    tokens.expect('=')
    const def = this.paramDef()
    tokens.expect('~')
    return { path, def, initial: this.initial(), doc: this.doc() }
  }

  private initial(): Initial {
    const { tokens } = this
    const { text: kind } = tokens.takeKind('name')
    const pair = <T>(item: () => T): [T, T] => {
      tokens.expect('(')
      const first = item()
      tokens.expect(',')
      const second = item()
      tokens.expect(')')
      return [first, second]
    }
    switch (kind) {
      case 'zeros':
      case 'orthogonal':
        return { kind }
      case 'value':
        return { kind, def: this.def() }
      case 'normal': {
        const [mean, deviation] = pair(() => readDouble(tokens))
        return { kind, mean, deviation }
      }
      case 'uniform': {
        const [low, high] = pair(() => readDouble(tokens))
        return { kind, low, high }
      }
      case 'he':
      case 'glorot':
      case 'lecun': {
        const [fanIn, fanOut] = pair(() => this.expressions.expression())
        return { kind, fanIn, fanOut }
      }
      default:
        return tokens.fail(`'${kind}' is no initial value`)
    }
  }

  private input(): Entry['inputs'][number] {
    const { tokens } = this
    const name = tokens.takeKind('string').value
    tokens.expect('=')
    const def = this.inputDef()
    const { text: type } = tokens.takeKind('name')
    if (type !== 'real' && type !== 'int' && type !== 'bool') return tokens.fail(`'${type}' is no type`)
    const otherwise = tokens.accept('default') ? readDouble(tokens) : undefined
    return { name, def, type, default: otherwise, doc: this.doc() }
  }

  private backward(): Backward {
    const { tokens } = this
    const cotangents: InputDef[] = []
    const gradients: { wrt: ParamDef | InputDef; def: Def | undefined }[] = []
    tokens.expect('{')
    while (tokens.accept('cotangent')) cotangents.push(this.inputDef())
    while (tokens.accept('gradient')) {
      const wrt = this.def()
      if (wrt.kind !== 'input' && wrt.kind !== 'param') return tokens.fail(`'${wrt.name}' has no gradient`)
      tokens.expect('=')
      gradients.push({ wrt, def: this.optionalDef() })
    }
    tokens.expect('}')
    return { cotangents, gradients }
  }

  private tangent(): Tangent {
    const { tokens } = this
    const inputs: InputDef[] = []
    const outputs: (Def | undefined)[] = []
    tokens.expect('{')
    while (tokens.accept('input')) inputs.push(this.inputDef())
    while (tokens.accept('output')) outputs.push(this.optionalDef())
    tokens.expect('}')
    return { inputs, outputs }
  }

  private doc(): string | undefined {
    return this.tokens.accept('doc') ? this.tokens.takeKind('string').value : undefined
  }

  private def(): Def {
    return this.expressions.definition(this.tokens.takeKind('name').text)
  }

  private optionalDef(): Def | undefined {
    return this.tokens.accept('none') ? undefined : this.def()
  }

  private inputDef(): InputDef {
    const def = this.def()
    return def.kind === 'input' ? def : this.tokens.fail(`'${def.name}' is no input`)
  }

  private paramDef(): ParamDef {
    const def = this.def()
    return def.kind === 'param' ? def : this.tokens.fail(`'${def.name}' is no parameter`)
  }
}
