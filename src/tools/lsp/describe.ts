/** Declarations in words: their text, kind, shape and derivatives. */
import type { Span } from '../../base/source.js'
import { showExpr, showShape } from '../../check/show.js'
import type { Instance, Tensor, Value } from '../../check/value.js'
import type { Def, Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { libraryFile } from '../../std/library.js'
import type { Declaration, Target } from './symbols.js'
import type { Workspace } from './workspace.js'

const MOST_LINES = 12
/** More partial derivatives than these are a page, not a hover. */
const MOST_PARTIALS = 6

export interface Description {
  /** In the notation of `.nn` files. */
  readonly code: string
  /** Kind and shape, in a line. */
  readonly summary: string
  readonly doc: string | undefined
  /** Equations, one a line. */
  readonly derivative: readonly string[]
}

/** `target` says by which way the declaration was reached: `l1.W` is more than the `W` of `Dense`. */
export function describe(workspace: Workspace, declaration: Declaration, target: Target): Description {
  const path = memberPath(target)
  return {
    code: textOf(declaration.text),
    summary: [kindText(declaration), shapeText(workspace, declaration, path)].filter(Boolean).join(' · '),
    doc: declaration.doc,
    derivative: derivativeText(workspace, declaration, path),
  }
}

/** As it is written, if it is not a page. */
export function textOf({ source, start, end }: Span): string {
  const lines = source.text.slice(start, end).split(/\r\n?|\n/)
  const indent = /^\s*/.exec(lines.at(-1) ?? '')?.[0].length ?? 0
  const shown = lines
    .slice(0, MOST_LINES)
    .map((line, at) => (at === 0 ? line : line.replace(new RegExp(`^\\s{0,${indent}}`), '')))
  return lines.length > MOST_LINES ? [...shown, '…'].join('\n') : shown.join('\n')
}

// ── Kinds ────────────────────────────────────────────────────────────────────────────────────────────────────

function kindText({ kind, owner, source, imported }: Declaration): string {
  const of = owner
    ? ` of \`${owner.name}\``
    : libraryFile(source.filename)
      ? ` of \`${source.filename}\``
      : ''
  switch (kind) {
    case 'function':
    case 'optimizer':
    case 'model':
    case 'size':
    case 'layer':
      return kind + of
    case 'constant':
      return 'constant'
    case 'import':
      return `imported from "${imported?.specifier ?? ''}"`
    case 'parameter':
      return `${owner?.kind === 'model' ? 'data' : 'parameter'}${of}`
    case 'param':
      return `trained parameter${of}`
    case 'definition':
      return `defined${owner ? ` in \`${owner.name}\`` : ''}`
    case 'index':
      return 'index'
  }
}

// ── Shapes ───────────────────────────────────────────────────────────────────────────────────────────────────

/** The layer and its members on the way: `['l1', 'W']` under the layer `l1`. */
interface MemberPath {
  readonly layer: Declaration
  readonly names: readonly string[]
}

function memberPath(target: Target): MemberPath | undefined {
  const names: string[] = []
  let at = target
  while (at.kind === 'member') {
    names.unshift(at.name)
    if (at.of.kind !== 'value') return undefined
    at = at.of.target
  }
  if (at.kind !== 'declared' || at.declaration.kind !== 'layer') return undefined
  return { layer: at.declaration, names }
}

/** The function or model of the file in which it stands. */
function entryOf(declaration: Declaration): Declaration | undefined {
  let at: Declaration | undefined = declaration
  while (at?.owner) at = at.owner
  return at?.parts ? at : undefined
}

function shapeText(workspace: Workspace, declaration: Declaration, path: MemberPath | undefined): string {
  const root = path?.layer ?? declaration
  if (root.kind === 'model' || root.kind === 'optimizer' || root.kind === 'import') return ''
  const analysis = workspace.checker.part(root.source.filename, entryOf(root)?.name ?? '')
  if (!analysis) return ''
  const { graph, entries } = analysis.program
  if (declaration.parts && !declaration.owner) {
    const entry = entries.find(({ name }) => name === declaration.name)
    const shapes =
      entry?.kind === 'function' ? entry.outputs.map(({ def }) => extentsText(graph, extentsOf(def))) : []
    return shapes.length > 0 ? `gives ${shapes.join(' and ')}` : ''
  }
  const value = analysis.values.of(root)
  if (!value) return ''
  if (!path) return valueText(graph, value, declaration)
  let instance = value
  for (const name of path.names) {
    const member = instance.kind === 'instance' ? instance.members.get(name) : undefined
    if (member?.kind === 'param') return extentsText(graph, extentsOf(member.def))
    if (!member) return ''
    instance = member
  }
  return valueText(graph, instance, declaration)
}

function valueText(graph: Graph, value: Value, { kind, name }: Declaration): string {
  switch (value.kind) {
    case 'poison':
      return ''
    case 'instance':
      return instanceText(graph, value)
    case 'tuple':
      return value.values
        .map((each, at) =>
          `${value.names?.[at] ?? at} ${each.kind === 'tensor' ? tensorText(graph, each) : ''}`.trim(),
        )
        .join(', ')
    case 'tensor':
      if (kind === 'index') return rangeText(graph, name, value.element)
      if (kind === 'size')
        return value.element.kind === 'size'
          ? 'told by the data'
          : `\`${name} = ${showExpr(graph, value.element)}\``
      return tensorText(graph, value)
  }
}

function tensorText(graph: Graph, { shape, element }: Tensor): string {
  if (shape.length > 0) return `${element.integer ? 'whole numbers ' : ''}${extentsText(graph, shape)}`
  return element.integer ? 'a whole number' : 'a number'
}

const extentsOf = ({ idx }: Def): Expr[] => idx.map(({ extent }) => extent)

const extentsText = (graph: Graph, shape: readonly Expr[]): string =>
  shape.length === 0 ? 'a number' : `\`${showShape(graph, shape)}\``

function rangeText(graph: Graph, name: string, element: Expr): string {
  if (element.kind === 'index') return `\`0 <= ${name} < ${showExpr(graph, element.extent)}\``
  const [term] = element.kind === 'add' ? element.terms : []
  if (element.kind !== 'add' || element.terms.length !== 1 || term.node.kind !== 'index') return ''
  const high = graph.add(term.node.extent, graph.num(element.constant))
  return `\`${element.constant.toString()} <= ${name} < ${showExpr(graph, high)}\``
}

function instanceText(graph: Graph, instance: Instance): string {
  const params = [...instance.members].flatMap(([name, member]) =>
    member.kind === 'param' ? [`\`${name}: ${showShape(graph, extentsOf(member.def))}\``] : [],
  )
  return params.length > 0 ? `with ${params.join(', ')}` : ''
}

// ── Derivatives ──────────────────────────────────────────────────────────────────────────────────────────────

function derivativeText(
  { checker }: Workspace,
  declaration: Declaration,
  path: MemberPath | undefined,
): readonly string[] {
  const root = path?.layer ?? declaration
  const { kind, owner, source } = root
  const entry = kind === 'function' ? root : owner
  const isTrained =
    kind === 'param' || kind === 'layer' || (kind === 'parameter' && owner?.kind === 'function')
  if (!entry || entry.owner || (kind !== 'function' && !isTrained)) return []
  const wanted = path ? [path.layer.name, ...path.names].join('.') : root.name
  const found = checker
    .derivatives(source.filename, entry.name)
    .filter(({ wrt }) => kind === 'function' || wrt.name === wanted || wrt.name.startsWith(`${wanted}.`))
  if (found.length > MOST_PARTIALS) return []
  return [...new Set(found.flatMap(({ equations }) => equations))]
}
