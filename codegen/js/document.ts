/**
 * Documents: text with places where it may break into lines, laid out to 80 columns. The algebra is that of Wadler
 * and of prettier, so that what is printed here is what prettier would print.
 */
export type Doc =
  | string
  | readonly Doc[]
  /** A space or, in a broken group, a new line; a soft line is nothing where it does not break. */
  | { readonly kind: 'line'; readonly soft: boolean }
  | { readonly kind: 'indent'; readonly by: number; readonly of: Doc }
  /** Breaks as a whole: all of its own lines or none. */
  | { readonly kind: 'group'; readonly of: Doc; readonly id: symbol | undefined; readonly expanded?: true }
  /** The first that fits up to its first line break; the last, if none does. */
  | { readonly kind: 'alternatives'; readonly states: readonly Doc[] }
  /** Contents and separators in turn; each separator breaks only where the next content does not fit. */
  | { readonly kind: 'fill'; readonly parts: readonly Doc[]; readonly from: number }
  /** What is printed depends on whether the group (the enclosing one, unless named) is broken. */
  | { readonly kind: 'choice'; readonly broken: Doc; readonly flat: Doc; readonly id: symbol | undefined }

export const line: Doc = { kind: 'line', soft: false }
export const softline: Doc = { kind: 'line', soft: true }
export const indent = (of: Doc, by = 2): Doc => ({ kind: 'indent', by, of })
export const group = (of: Doc, id?: symbol): Doc => ({ kind: 'group', of, id })
/** A group that is broken in any case. */
export const expanded = (of: Doc): Doc => ({ kind: 'group', of, id: undefined, expanded: true })
export const alternatives = (...states: readonly Doc[]): Doc => ({ kind: 'alternatives', states })
export const fill = (parts: readonly Doc[]): Doc => ({ kind: 'fill', parts, from: 0 })
export const ifBroken = (broken: Doc, flat: Doc = '', id?: symbol): Doc => ({
  kind: 'choice',
  broken,
  flat,
  id,
})

export function joined(separator: Doc, docs: readonly Doc[]): Doc[] {
  return docs.flatMap((doc, at) => (at === 0 ? [doc] : [separator, doc]))
}

/** Whether a layout could break the document anywhere. */
export function canBreak(doc: Doc): boolean {
  if (typeof doc === 'string') return false
  if (isList(doc)) return doc.some(canBreak)
  switch (doc.kind) {
    case 'line':
      return true
    case 'indent':
    case 'group':
      return canBreak(doc.of)
    case 'fill':
      return doc.parts.some(canBreak)
    case 'alternatives':
      return doc.states.some(canBreak)
    case 'choice':
      return canBreak(doc.broken) || canBreak(doc.flat)
  }
}

const WIDTH = 80

interface Command {
  readonly indentation: number
  readonly flat: boolean
  readonly doc: Doc
}

/** The text of a document that starts at column `indentation`, which further lines keep. */
export function layout(root: Doc, indentation: number): string {
  const broken = new Map<symbol, boolean>()
  const commands: Command[] = [{ indentation, flat: false, doc: root }]
  let text = ''
  let column = indentation
  for (let command = commands.pop(); command; command = commands.pop()) {
    const { doc, flat } = command
    const push = (part: Doc, isFlat = flat, deeper = 0) =>
      commands.push({ indentation: command.indentation + deeper, flat: isFlat, doc: part })
    if (typeof doc === 'string') {
      text += doc
      column += width(doc)
      continue
    }
    if (isList(doc)) {
      for (let at = doc.length - 1; at >= 0; at--) push(doc[at])
      continue
    }
    switch (doc.kind) {
      case 'line':
        if (flat) {
          text += doc.soft ? '' : ' '
          column += doc.soft ? 0 : 1
        } else {
          text += `\n${' '.repeat(command.indentation)}`
          column = command.indentation
        }
        break
      case 'indent':
        push(doc.of, flat, doc.by)
        break
      case 'group': {
        const isFlat = () => fits({ ...command, flat: true, doc: doc.of }, commands, WIDTH - column, broken)
        const fitting = doc.expanded ? false : flat || isFlat()
        push(doc.of, fitting)
        if (doc.id) broken.set(doc.id, !fitting)
        break
      }
      case 'alternatives': {
        const [first, ...others] = doc.states
        const tried = (one: Doc, isFlat: boolean) =>
          fits({ ...command, flat: isFlat, doc: one }, commands, WIDTH - column, broken)
        const isFlat = flat || tried(first, true)
        const state = isFlat ? first : others.find((one) => tried(one, false))
        push(state ?? doc.states[doc.states.length - 1], isFlat)
        break
      }
      case 'fill': {
        const [content, separator, next] = doc.parts.slice(doc.from, doc.from + 3)
        if (content === undefined) break
        const alone = (part: Doc) => fits({ ...command, flat: true, doc: part }, [], WIDTH - column, broken)
        const fitting = alone(content)
        if (separator !== undefined) {
          push({ ...doc, from: doc.from + 2 })
          push(separator, next === undefined ? fitting : alone([content, separator, next]))
        }
        push(content, fitting)
        break
      }
      case 'choice':
        push((doc.id ? (broken.get(doc.id) ?? false) : !flat) ? doc.broken : doc.flat)
        break
    }
  }
  return text
}

/** Whether the text up to the first line that breaks, in `next` or in what follows it, stays within `room`. */
function fits(
  next: Command,
  following: readonly Command[],
  room: number,
  broken: ReadonlyMap<symbol, boolean>,
): boolean {
  let rest = following.length
  // Documents and whether each is flat, side by side: this runs for every group.
  const docs: Doc[] = [next.doc]
  const flats: boolean[] = [next.flat]
  const push = (doc: Doc, flat: boolean): void => {
    docs.push(doc)
    flats.push(flat)
  }
  while (room >= 0) {
    let doc = docs.pop()
    let flat = flats.pop() ?? false
    if (doc === undefined) {
      const command = following[--rest]
      if (!command) return true
      ;({ doc, flat } = command)
    }
    if (typeof doc === 'string') {
      room -= width(doc)
    } else if (isList(doc)) {
      for (let at = doc.length - 1; at >= 0; at--) push(doc[at], flat)
    } else {
      switch (doc.kind) {
        case 'line':
          if (!flat) return true
          if (!doc.soft) room -= 1
          break
        case 'indent':
          push(doc.of, flat)
          break
        case 'group':
          push(doc.of, flat && !doc.expanded)
          break
        case 'alternatives':
          push(flat ? doc.states[0] : doc.states[doc.states.length - 1], flat)
          break
        case 'fill':
          // Only as much as could matter: a table may have thousands of entries.
          push(doc.parts.slice(doc.from, doc.from + 2 * WIDTH), flat)
          break
        case 'choice':
          push((doc.id ? (broken.get(doc.id) ?? false) : !flat) ? doc.broken : doc.flat, flat)
          break
      }
    }
  }
  return false
}

/** Columns that a text takes: code points without combining marks. */
function width(text: string): number {
  if (isPlain(text)) return text.length
  return [...text.replace(/\p{Mark}/gu, '')].length
}

function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x2ff) return false
  return true
}

function isList(doc: Exclude<Doc, string>): doc is readonly Doc[] {
  return Array.isArray(doc)
}
