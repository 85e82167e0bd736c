/** Headless Chromium, driven over its debugging pipe: no package is needed for that. */
import { type ChildProcess, spawn } from 'node:child_process'
import { constants, accessSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/** `CHROMIUM` names another one than the first on the path. */
export function findChromium(): string {
  const given = process.env['CHROMIUM']
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const candidates = given ? [given] : NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  const found = candidates.find(isExecutable)
  if (found !== undefined) return found
  throw new Error(
    given
      ? `CHROMIUM=${given} cannot be run`
      : 'the browser tests need Chromium: apt-get install chromium, or CHROMIUM=/path/to/chrome npm run test:browser',
  )
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The browser keeps quiet about violations that a page catches. */
const TELL_VIOLATIONS = `addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
  console.error('policy violated: ' + effectiveDirective + ' ' + blockedURI))`

interface Reply {
  readonly sessionId?: unknown
  readonly id?: number
  readonly method?: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: { readonly message: string }
}

/** What a page showed. */
export interface Visit {
  /** What `globalThis.result` settled on. */
  readonly result: unknown
  /** Exceptions, errors and warnings of the console, and what the browser itself complained of, such as a violated policy. */
  readonly complaints: readonly string[]
}

export interface Page {
  /** As far as they have come. */
  readonly complaints: readonly string[]
  /** The value of an expression, promises awaited. */
  evaluate(expression: string): Promise<unknown>
  close(): Promise<void>
}

export class Chromium {
  readonly #process: ChildProcess
  readonly #profile: string
  readonly #input: Writable
  readonly #waiting = new Map<number, (reply: Reply) => void>()
  readonly #listeners = new Set<(reply: Reply) => void>()
  #calls = 0
  #ended: Error | undefined

  private constructor(process: ChildProcess, profile: string, input: Writable, output: Readable) {
    this.#process = process
    this.#profile = profile
    this.#input = input
    let pending = ''
    output.setEncoding('utf8').on('data', (text: string) => {
      const messages = `${pending}${text}`.split('\0')
      pending = messages.pop() ?? ''
      for (const message of messages) this.#receive(JSON.parse(message))
    })
  }

  static start(): Chromium {
    const profile = mkdtempSync(join(tmpdir(), 'nnc-chromium-'))
    const flags = ['--headless', '--remote-debugging-pipe', `--user-data-dir=${profile}`]
    const others = ['--disable-gpu', '--disable-dev-shm-usage', '--disable-extensions', '--no-first-run']
    // Chromium refuses to put pages of the superuser, as in a container, into its sandbox.
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    const child = spawn(findChromium(), [...flags, ...others, ...sandbox], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    })
    const [, , errors, input, output] = child.stdio
    if (!isReadable(errors) || !isWritable(input) || !isReadable(output))
      throw new Error('Chromium has no pipes')
    const browser = new Chromium(child, profile, input, output)
    let said = ''
    errors.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-2000)))
    child.on('exit', (code) => browser.#end(new Error(`Chromium ended with ${code}:\n${said}`)))
    input.on('error', (error) => browser.#end(error))
    return browser
  }

  async close(): Promise<void> {
    // Not only the process: those that it started hold its pipes, and write into the profile until they end.
    const gone = new Promise((resolve) => this.#process.once('close', resolve))
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill()
      await gone
    }
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 20 })
  }

  /** Opens a page of its own, waits for `globalThis.result` of its scripts, and closes it. */
  async visit(url: string): Promise<Visit> {
    const page = await this.open(url)
    try {
      // A task later: violations are told in tasks of their own.
      const result = await page.evaluate(
        'new Promise((resolve) => setTimeout(() => resolve(globalThis.result)))',
      )
      return { result, complaints: page.complaints }
    } finally {
      await page.close()
    }
  }

  /** Opens a page, and resolves when it and its scripts are loaded. */
  async open(url: string): Promise<Page> {
    const { targetId } = await this.#call('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await this.#call('Target.attachToTarget', { targetId, flatten: true })
    const complaints: string[] = []
    let load = () => {}
    const loaded = new Promise<void>((resolve) => (load = resolve))
    const listen = (event: Reply): void => {
      if (event.sessionId !== sessionId) return
      const complaint = complaintOf(event)
      if (complaint !== undefined) complaints.push(complaint)
      if (event.method === 'Page.loadEventFired') load()
    }
    this.#listeners.add(listen)
    for (const domain of ['Page', 'Runtime', 'Log']) await this.#call(`${domain}.enable`, {}, sessionId)
    await this.#call('Page.addScriptToEvaluateOnNewDocument', { source: TELL_VIOLATIONS }, sessionId)
    await this.#call('Page.navigate', { url }, sessionId)
    await loaded
    return {
      complaints,
      evaluate: async (expression) => {
        const wanted = { expression, awaitPromise: true, returnByValue: true }
        const { result } = await this.#call('Runtime.evaluate', wanted, sessionId)
        return field(result, 'value')
      },
      close: async () => {
        this.#listeners.delete(listen)
        await this.#call('Target.closeTarget', { targetId })
      },
    }
  }

  #receive(reply: Reply): void {
    if (reply.id === undefined) for (const listen of this.#listeners) listen(reply)
    else {
      this.#waiting.get(reply.id)?.(reply)
      this.#waiting.delete(reply.id)
    }
  }

  #end(error: Error): void {
    this.#ended ??= error
    for (const answer of this.#waiting.values()) answer({ error })
    this.#waiting.clear()
  }

  #call(method: string, params: object, sessionId?: unknown): Promise<Readonly<Record<string, unknown>>> {
    if (this.#ended) return Promise.reject(this.#ended)
    const id = ++this.#calls
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result = {}, error }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result),
      )
      this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  }
}

const isReadable = (stream: unknown): stream is Readable =>
  typeof stream === 'object' && stream !== null && 'setEncoding' in stream
const isWritable = (stream: unknown): stream is Writable =>
  typeof stream === 'object' && stream !== null && 'write' in stream

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

function complaintOf({ method, params }: Reply): string | undefined {
  if (method === 'Runtime.exceptionThrown') {
    const details = field(params, 'exceptionDetails')
    return String(field(field(details, 'exception'), 'description') ?? field(details, 'text'))
  }
  if (method === 'Log.entryAdded') {
    const entry = field(params, 'entry')
    const level = field(entry, 'level')
    return level === 'error' || level === 'warning' ? `${level}: ${String(field(entry, 'text'))}` : undefined
  }
  const kind = field(params, 'type')
  if (method !== 'Runtime.consoleAPICalled' || (kind !== 'error' && kind !== 'warning')) return undefined
  return `console.${kind}: ${JSON.stringify(field(params, 'args'))}`
}
