import type { SignatureHelp } from 'vscode-languageserver-types'
import { callAt } from './call-context.js'
import { textOf } from './describe.js'
import { languageDoc } from './language-docs.js'
import type { Declaration } from './symbols.js'
import type { Workspace } from './workspace.js'

/** The parameters of the function or layer whose arguments are being typed. */
export function signatureHelp(workspace: Workspace, name: string, offset: number): SignatureHelp | undefined {
  const file = workspace.project.file(name)
  const call = file && callAt(file, offset)
  if (!call) return undefined
  const meaning = workspace.linker.at(name, call.callee)?.meaning
  if (meaning?.kind === 'language') {
    const doc = languageDoc(meaning.name)
    if (!doc?.head.includes('(')) return undefined
    const labels = doc.head.slice(doc.head.indexOf('(') + 1, -1).split(', ')
    return helpOf(doc.head, labels, doc.doc, Math.min(call.position, labels.length - 1))
  }
  const callable = meaning && workspace.linker.callable(meaning.declaration)
  if (!meaning || !callable?.parts) return undefined
  const parameters = [...callable.parts.parameters.values()]
  const labels = parameters.map(parameterText)
  const wanted = parameters.findIndex(({ name: each }) => each === call.current)
  const head = `${meaning.declaration.name}(${labels.join(', ')})`
  return helpOf(head, labels, callable.doc, wanted >= 0 ? wanted : call.position)
}

export const parameterText = ({ text }: Declaration): string => textOf(text).replace(/\s+/g, ' ')

function helpOf(
  label: string,
  labels: readonly string[],
  doc: string | undefined,
  active: number,
): SignatureHelp {
  const parameters: { label: [number, number] }[] = []
  let from = label.indexOf('(') + 1
  for (const each of labels) {
    parameters.push({ label: [from, from + each.length] })
    from += each.length + ', '.length
  }
  return {
    signatures: [{ label, documentation: doc, parameters }],
    activeSignature: 0,
    activeParameter: active,
  }
}
