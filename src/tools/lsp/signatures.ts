/** The heads of functions and models, and types, which declare sizes. */
import type {
  FunctionDeclaration,
  ModelDeclaration,
  Name,
  Signature,
  TypeExpression,
} from '../../../grammar/ast.js'
import type { Span } from '../../base/source.js'
import { SCALAR_TYPES } from '../../check/types.js'
import type { Resolution } from './resolution.js'
import type { Scope } from './scope.js'
import type { Declaration, Parts, Target } from './symbols.js'

export function declareCallable(
  resolution: Resolution,
  statement: FunctionDeclaration | ModelDeclaration,
  scope: Scope,
  from: number,
): Declaration {
  const { name } = statement.signature
  const parts: Parts = {
    sizes: new Map(),
    parameters: new Map(),
    members: new Map(),
    results: new Map(),
    exported: statement.kind === 'model' || statement.exported,
  }
  const declaration = resolution.declare(name, scope, {
    kind: statement.kind === 'model' ? 'model' : statement.word === 'fn' ? 'function' : 'optimizer',
    text: headOf(statement),
    doc: statement.doc,
    owner: scope.block.owner,
    parts,
    from,
  })
  resolution.enter(scope.functions, declaration)
  return declaration
}

export function resolveSignature(
  resolution: Resolution,
  { sizes, parameters }: Signature,
  scope: Scope,
  parts: Parts,
): void {
  for (const { name, default: fallback, span } of sizes ?? []) {
    if (fallback) resolution.expressions([fallback], scope)
    parts.sizes.set(name.name, resolution.declareValue('size', name, scope, { text: span }))
  }
  for (const { name, type, default: fallback, doc, span } of parameters) {
    if (type) resolveTypes(resolution, type, scope, true)
    if (fallback) resolution.expressions([fallback], scope)
    parts.parameters.set(name.name, resolution.declareValue('parameter', name, scope, { text: span, doc }))
  }
}

/** Names of sizes that are not known yet are declared by standing in a type, where types bind them. */
export function resolveTypes(
  resolution: Resolution,
  { name, dimensions }: TypeExpression,
  scope: Scope,
  binds: boolean,
): Target | undefined {
  const model = name && typeName(resolution, name, scope)
  for (const dimension of dimensions ?? []) {
    if (dimension.kind === 'rest') continue
    if (dimension.kind === 'named' && model)
      resolution.refer(dimension.name.span, { kind: 'size', model, name: dimension.name.name })
    if (binds)
      for (const unknown of resolution.unknownNames(dimension.value, scope))
        resolution.declareValue('size', unknown, scope, { text: unknown.span })
    resolution.expressions([dimension.value], scope)
  }
  return model
}

function typeName(resolution: Resolution, name: Name, scope: Scope): Target {
  const target: Target = SCALAR_TYPES.has(name.name)
    ? { kind: 'word', name: name.name }
    : resolution.functionTarget(name.name, scope)
  resolution.refer(name.span, target)
  return target
}

/** A function or model without its body. */
function headOf(statement: FunctionDeclaration | ModelDeclaration): Span {
  const { span, signature } = statement
  const isShort = statement.kind === 'function' && statement.short
  return isShort ? span : { ...span, end: signature.span.end }
}
