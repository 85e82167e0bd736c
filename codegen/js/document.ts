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

/** Columns of a line. */
export const WIDTH = 80

/**
 * What is still to be printed, the next on top: documents, how far their lines are indented, and whether they are flat. Side by side, for every
 * statement of a module comes by here.
 */
class Pending {
  readonly docs: Doc[] = []
  readonly indentations: number[] = []
  readonly flats: boolean[] = []
  size = 0

  push(doc: Doc, indentation: number, flat: boolean): void {
    const at = this.size++
    this.docs[at] = doc
    this.indentations[at] = indentation
    this.flats[at] = flat
  }

  pushAll(docs: readonly Doc[], indentation: number, flat: boolean): void {
    for (let at = docs.length - 1; at >= 0; at--) this.push(docs[at], indentation, flat)
  }
}

/** The text of a document that starts at column `indentation`, which further lines keep. */
export function layout(root: Doc, indentation: number): string {
  const broken = new Map<symbol, boolean>()
  const pending = new Pending()
  const ahead = new Pending()
  let text = ''
  let column = indentation
  const isFitting = (doc: Doc, flat: boolean, following: Pending | undefined): boolean =>
    fits(doc, flat, following, WIDTH - column, broken, ahead)
  pending.push(root, indentation, false)
  while (pending.size > 0) {
    const top = --pending.size
    const doc = pending.docs[top]
    const at = pending.indentations[top]
    const flat = pending.flats[top]
    if (typeof doc === 'string') {
      text += doc
      column += width(doc)
      continue
    }
    if (isList(doc)) {
      pending.pushAll(doc, at, flat)
      continue
    }
    switch (doc.kind) {
      case 'line':
        if (flat) {
          text += doc.soft ? '' : ' '
          column += doc.soft ? 0 : 1
        } else {
          text += `\n${' '.repeat(at)}`
          column = at
        }
        break
      case 'indent':
        pending.push(doc.of, at + doc.by, flat)
        break
      case 'group': {
        const fitting = doc.expanded ? false : flat || isFitting(doc.of, true, pending)
        pending.push(doc.of, at, fitting)
        if (doc.id) broken.set(doc.id, !fitting)
        break
      }
      case 'alternatives': {
        const [first, ...others] = doc.states
        const isFlat = flat || isFitting(first, true, pending)
        const state = isFlat ? first : others.find((one) => isFitting(one, false, pending))
        pending.push(state ?? doc.states[doc.states.length - 1], at, isFlat)
        break
      }
      case 'fill': {
        const [content, separator, next] = doc.parts.slice(doc.from, doc.from + 3)
        if (content === undefined) break
        const fitting = isFitting(content, true, undefined)
        if (separator !== undefined) {
          const isFlat = next === undefined ? fitting : isFitting([content, separator, next], true, undefined)
          pending.push({ ...doc, from: doc.from + 2 }, at, flat)
          pending.push(separator, at, isFlat)
        }
        pending.push(content, at, fitting)
        break
      }
      case 'choice':
        pending.push((doc.id ? (broken.get(doc.id) ?? false) : !flat) ? doc.broken : doc.flat, at, flat)
        break
    }
  }
  return text
}

/** Whether the text up to the first line that breaks, in a document or in what follows it, stays within `room`. `ahead` is lent. */
function fits(
  root: Doc,
  isFlat: boolean,
  following: Pending | undefined,
  room: number,
  broken: ReadonlyMap<symbol, boolean>,
  ahead: Pending,
): boolean {
  let rest = following?.size ?? 0
  ahead.size = 0
  ahead.push(root, 0, isFlat)
  while (room >= 0) {
    const from = ahead.size > 0 ? ahead : following
    const at = ahead.size > 0 ? --ahead.size : --rest
    if (!from || at < 0) return true
    const doc = from.docs[at]
    const flat = from.flats[at]
    if (typeof doc === 'string') {
      room -= width(doc)
    } else if (isList(doc)) {
      ahead.pushAll(doc, 0, flat)
    } else {
      switch (doc.kind) {
        case 'line':
          if (!flat) return true
          if (!doc.soft) room -= 1
          break
        case 'indent':
          ahead.push(doc.of, 0, flat)
          break
        case 'group':
          ahead.push(doc.of, 0, flat && !doc.expanded)
          break
        case 'alternatives':
          ahead.push(flat ? doc.states[0] : doc.states[doc.states.length - 1], 0, flat)
          break
        case 'fill':
          // Only as much as could matter: a table may have thousands of entries.
          ahead.pushAll(doc.parts.slice(doc.from, doc.from + 2 * WIDTH), 0, flat)
          break
        case 'choice':
          ahead.push((doc.id ? (broken.get(doc.id) ?? false) : !flat) ? doc.broken : doc.flat, 0, flat)
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

/** Whether each character is known to take one column. */
export const isPlain = (text: string): boolean => !/[\u0300-\uffff]/.test(text)

function isList(doc: Exclude<Doc, string>): doc is readonly Doc[] {
  return Array.isArray(doc)
}
