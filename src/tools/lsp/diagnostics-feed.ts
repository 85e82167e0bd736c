/** Checks open files some time after they change, and publishes what was found in them and in the files they import. */
import type { Connection, Diagnostic as Published } from 'vscode-languageserver/node'
import { publishedOf, type Workspace } from './engine.js'

/** Milliseconds between the last key and the check. */
const PAUSE = 150

type Steps = ReturnType<Workspace['checker']['steps']>

export class DiagnosticsFeed {
  readonly #timers = new Map<string, NodeJS.Timeout>()
  /** The checks under way. */
  readonly #running = new Map<string, Steps>()
  /** What each open file has brought up, by URI. */
  readonly #found = new Map<string, ReadonlyMap<string, Published[]>>()

  constructor(
    private readonly connection: Pick<Connection, 'sendDiagnostics'>,
    private readonly workspace: Workspace,
    private readonly onBug: (thrown: unknown) => void,
  ) {}

  /** Checks the open files that read this one, or all. */
  changed(name?: string): void {
    for (const open of this.workspace.texts.names) {
      if (name !== undefined && name !== open && !this.workspace.checker.reads(open, name)) continue
      this.#drop(open)
      this.#timers.set(
        open,
        setTimeout(() => this.#check(open), PAUSE),
      )
    }
  }

  closed(name: string): void {
    this.#drop(name)
    this.#replace(name, undefined)
  }

  stop(): void {
    for (const name of this.workspace.texts.names) this.#drop(name)
  }

  /** Nobody waits for the check of a text that has changed. */
  #drop(name: string): void {
    clearTimeout(this.#timers.get(name))
    this.#timers.delete(name)
    this.#running.delete(name)
  }

  #check(name: string): void {
    this.#timers.delete(name)
    const steps = this.workspace.checker.steps(name)
    this.#running.set(name, steps)
    this.#continue(name, steps)
  }

  /** Requests are answered between the steps. */
  #continue(name: string, steps: Steps): void {
    if (this.#running.get(name) !== steps) return
    try {
      const { done, value } = steps.next()
      if (!done) {
        setImmediate(() => this.#continue(name, steps))
        return
      }
      this.#running.delete(name)
      if (value) this.#replace(name, publishedOf(this.workspace, value))
    } catch (thrown) {
      this.#running.delete(name)
      this.onBug(thrown)
    }
  }

  /** Publishes for all files that a check has, or had, something to say of. */
  #replace(name: string, found: ReadonlyMap<string, Published[]> | undefined): void {
    const before = this.#found.get(name)
    if (found) this.#found.set(name, found)
    else this.#found.delete(name)
    const uris = new Set([...(before?.keys() ?? []), ...(found?.keys() ?? [])])
    if (found) uris.add(this.workspace.texts.uri(name))
    for (const uri of uris) {
      const all = [...this.#found.values()].flatMap((each) => each.get(uri) ?? [])
      this.#publish(uri, distinct(all))
    }
  }

  #publish(uri: string, diagnostics: Published[]): void {
    this.connection.sendDiagnostics({ uri, diagnostics }).catch(this.onBug)
  }
}

/** A mistake of a file that several import is found several times. */
function distinct(all: readonly Published[]): Published[] {
  const seen = new Map(all.map((each) => [JSON.stringify([each.range, each.code, each.message]), each]))
  return [...seen.values()]
}
