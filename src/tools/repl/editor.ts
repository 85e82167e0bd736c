/** Line editing: what each key does to the text, the history and the list of completions. */
import type { Completion } from './complete.js'
import type { History } from './history.js'
import type { Pressed } from './keys.js'
import * as line from './line-buffer.js'
import { isIncomplete } from './scan.js'

export type EditorEvent =
  | { readonly kind: 'edited' }
  | { readonly kind: 'entered'; readonly text: string }
  | { readonly kind: 'complete' }
  | { readonly kind: 'cancelled'; readonly text: string }
  | { readonly kind: 'clear' }
  | { readonly kind: 'end' }

const EDITED: EditorEvent = { kind: 'edited' }

export class Editor {
  buffer: line.Buffer = line.EMPTY
  private taken = ''
  private pasting = false
  /** Where in the history the line stands, and what was typed before it was looked up. */
  private position: number
  private prefix: string | undefined

  constructor(private readonly history: History) {
    this.position = history.length
  }

  press({ key, typed }: Pressed): EditorEvent {
    const browses = key === 'up' || key === 'down' || key === 'ctrl-p' || key === 'ctrl-n'
    if (!browses) this.prefix = undefined
    if (key === 'return' || key === 'enter') return this.enter()
    if (this.pasting && key === 'tab') return this.insert('  ')
    if (typed !== undefined) return this.insert(typed)
    switch (key) {
      case 'paste-start':
        this.pasting = true
        return EDITED
      case 'paste-end':
        this.pasting = false
        return EDITED
      case 'alt-return':
      case 'alt-enter':
      case 'ctrl-j':
        return this.insert('\n')
      case 'tab':
        return { kind: 'complete' }
      case 'ctrl-c':
        return this.cancel()
      case 'ctrl-d':
        if (this.buffer.text === '') return { kind: 'end' }
        return this.delete(line.rightOf(this.buffer))
      case 'ctrl-l':
        return { kind: 'clear' }
      case 'up':
      case 'ctrl-p':
        return this.vertical(-1)
      case 'down':
      case 'ctrl-n':
        return this.vertical(1)
      default:
        return this.move(key)
    }
  }

  private move(key: string): EditorEvent {
    const { buffer } = this
    switch (key) {
      case 'left':
      case 'ctrl-b':
        return this.to(line.leftOf(buffer))
      case 'right':
      case 'ctrl-f':
        return this.to(line.rightOf(buffer))
      case 'ctrl-left':
      case 'alt-left':
      case 'alt-b':
        return this.to(line.wordLeftOf(buffer))
      case 'ctrl-right':
      case 'alt-right':
      case 'alt-f':
        return this.to(line.wordRightOf(buffer))
      case 'home':
      case 'ctrl-a':
        return this.to(line.lineStart(buffer))
      case 'end':
      case 'ctrl-e':
        return this.to(line.lineEnd(buffer))
      case 'backspace':
      case 'ctrl-h':
        return this.delete(line.leftOf(buffer))
      case 'delete':
        return this.delete(line.rightOf(buffer))
      case 'ctrl-w':
      case 'alt-backspace':
        return this.take(line.wordLeftOf(buffer))
      case 'alt-d':
        return this.take(line.wordRightOf(buffer))
      case 'ctrl-u':
        return this.take(line.lineStart(buffer))
      case 'ctrl-k':
        return this.take(line.lineEnd(buffer))
      case 'ctrl-y':
        return this.insert(this.taken)
      default:
        return EDITED
    }
  }

  /** Puts in what all candidates have in common; gives those that are left to choose from. */
  complete({ from, candidates }: Completion): readonly string[] {
    const prefix = commonPrefix(candidates)
    if (prefix.length > this.buffer.cursor - from) this.buffer = line.replace(this.buffer, from, prefix)
    return candidates.length > 1 ? candidates : []
  }

  private insert(text: string): EditorEvent {
    this.buffer = line.insert(this.buffer, text)
    return EDITED
  }

  private to(cursor: number): EditorEvent {
    this.buffer = line.moved(this.buffer, cursor)
    return EDITED
  }

  private delete(to: number): EditorEvent {
    this.buffer = line.cut(this.buffer, to).buffer
    return EDITED
  }

  private take(to: number): EditorEvent {
    const { buffer, taken } = line.cut(this.buffer, to)
    this.buffer = buffer
    if (taken !== '') this.taken = taken
    return EDITED
  }

  private enter(): EditorEvent {
    const { text } = this.buffer
    if (this.pasting || isIncomplete(text)) return this.insert('\n')
    this.history.add(text)
    this.reset()
    return { kind: 'entered', text }
  }

  private cancel(): EditorEvent {
    const { text } = this.buffer
    this.reset()
    return { kind: 'cancelled', text }
  }

  private reset(): void {
    this.buffer = line.EMPTY
    this.position = this.history.length
    this.prefix = undefined
  }

  private vertical(direction: -1 | 1): EditorEvent {
    const inside = this.prefix === undefined ? line.vertical(this.buffer, direction) : undefined
    if (inside) {
      this.buffer = inside
      return EDITED
    }
    this.prefix ??= this.buffer.text
    const found = this.history.find(this.position, direction, this.prefix)
    if (found === undefined && direction < 0) return EDITED
    this.position = found ?? this.history.length
    this.buffer = line.bufferOf(found === undefined ? this.prefix : (this.history.at(found) ?? ''))
    return EDITED
  }
}

function commonPrefix(candidates: readonly string[]): string {
  let prefix = candidates[0] ?? ''
  for (const candidate of candidates) while (!candidate.startsWith(prefix)) prefix = prefix.slice(0, -1)
  return prefix
}
