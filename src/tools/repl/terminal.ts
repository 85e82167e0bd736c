/** A session on a terminal: keys in, answers out. The session itself runs in a thread of its own. */
import { emitKeypressEvents, type Key } from 'node:readline'
import type { ReadStream, WriteStream } from 'node:tty'
import type { Worker } from 'node:worker_threads'
import { displayWidth } from '../../base/frame.js'
import { Editor, type EditorEvent } from './editor.js'
import { History, historyFile } from './history.js'
import { Interrupted, WorkerHost } from './host.js'
import { pressed } from './keys.js'
import { printResult } from './print-result.js'
import { LineView } from './screen.js'

export interface Terminal {
  readonly input: ReadStream
  readonly output: WriteStream
  /** Starts the thread of a session. */
  startSession(): Worker
}

export interface TerminalOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly color: boolean
}

const PASTE_ON = '\u001b[?2004h'
const PASTE_OFF = '\u001b[?2004l'

/** Resolves when the session ends. */
export function runTerminal(terminal: Terminal, options: TerminalOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    new TerminalSession(terminal, options, resolve, reject).begin()
  })
}

class TerminalSession {
  private readonly view: LineView
  private readonly editor: Editor
  private readonly host: WorkerHost
  /** Keys pressed while an answer is under way; undefined while none is. */
  private queued: (readonly [string | undefined, Key])[] | undefined
  private ended = false

  constructor(
    private readonly terminal: Terminal,
    private readonly options: TerminalOptions,
    private readonly resolve: () => void,
    private readonly reject: (reason: unknown) => void,
  ) {
    this.view = new LineView(terminal.output, options.color)
    this.editor = new Editor(new History(historyFile(options.env)))
    // The prompt first: the thread takes longer than a key.
    this.prepare()
    this.host = new WorkerHost(() => terminal.startSession())
  }

  /** Some terminals do not know their width. */
  private get columns(): number {
    return this.terminal.output.columns || 80
  }

  private prepare(): void {
    const { input, output } = this.terminal
    output.write(PASTE_ON)
    this.view.show(this.editor.buffer)
    input.setRawMode(true)
    emitKeypressEvents(input)
  }

  begin(): void {
    const { input, output } = this.terminal
    input.on('keypress', this.onKey)
    input.on('end', this.end)
    output.on('resize', this.redraw)
    input.resume()
  }

  private readonly onKey = (text: string | undefined, key: Key): void => {
    if (!this.queued) {
      this.handle(this.editor.press(pressed(text, key)))
      return
    }
    if (key.ctrl && key.name === 'c') {
      this.queued = []
      this.host.interrupt()
    } else this.queued.push([text, key])
  }

  private readonly redraw = (): void => {
    if (!this.queued) this.view.show(this.editor.buffer)
  }

  private handle(event: EditorEvent): void {
    switch (event.kind) {
      case 'edited':
        this.redraw()
        break
      case 'entered':
        this.view.finish({ text: event.text, cursor: event.text.length })
        if (event.text.trim() === '') this.redraw()
        else void this.busy(() => this.answer(event.text))
        break
      case 'complete':
        void this.busy(() => this.complete())
        break
      case 'cancelled':
        this.view.finish({ text: event.text, cursor: event.text.length })
        if (event.text === '') this.terminal.output.write('(Ctrl-D or :quit ends the session)\r\n')
        this.redraw()
        break
      case 'clear':
        this.terminal.output.write('\u001b[2J\u001b[H')
        this.view.forget()
        this.redraw()
        break
      case 'end':
        this.end()
    }
  }

  /** Keys wait until the work is done, but for the one that interrupts it. */
  private async busy(work: () => Promise<void>): Promise<void> {
    this.queued = []
    try {
      await work()
    } catch (thrown) {
      if (thrown instanceof Interrupted) {
        this.terminal.output.write('interrupted\r\n')
        this.view.forget()
      } else {
        const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
        const text = `nnc: internal error, which is a bug in nnc; please report it with the input\n${detail}\n`
        this.terminal.output.write(text.replaceAll('\n', '\r\n'))
        this.view.forget()
      }
    }
    const keys = this.queued ?? []
    this.queued = undefined
    if (this.ended) return
    this.redraw()
    for (const [text, key] of keys) this.onKey(text, key)
  }

  private async answer(text: string): Promise<void> {
    const { output } = this.terminal
    for (const result of await this.host.run(text)) {
      if (result.kind === 'quit') return this.end()
      const printed = printResult(result, { color: this.options.color, columns: this.columns })
      output.write(`${printed.replaceAll('\n', '\r\n')}\r\n`)
    }
    this.view.forget()
  }

  private async complete(): Promise<void> {
    const { text, cursor } = this.editor.buffer
    const candidates = this.editor.complete(await this.host.complete(text, cursor))
    if (candidates.length === 0) return
    this.view.finish(this.editor.buffer)
    this.terminal.output.write(`${inColumns(candidates, this.columns).join('\r\n')}\r\n`)
  }

  private readonly end = (): void => {
    if (this.ended) return
    this.ended = true
    const { input, output } = this.terminal
    input.off('keypress', this.onKey)
    input.off('end', this.end)
    output.off('resize', this.redraw)
    output.write(`\r\n${PASTE_OFF}`)
    input.setRawMode(false)
    input.pause()
    this.host.close().then(this.resolve, this.reject)
  }
}

const MOST_SHOWN = 60

function inColumns(words: readonly string[], columns: number): string[] {
  const shown = words.slice(0, MOST_SHOWN)
  const width = Math.max(...shown.map(displayWidth)) + 2
  const perLine = Math.max(1, Math.floor(columns / width))
  const lines: string[] = []
  for (let at = 0; at < shown.length; at += perLine)
    lines.push(shown.slice(at, at + perLine).map((word) => word.padEnd(width)).join('').trimEnd()) // prettier-ignore
  if (words.length > shown.length) lines.push(`and ${words.length - shown.length} more`)
  return lines
}
