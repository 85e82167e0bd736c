import { renderDiagnostic } from '../../../src/base/frame.js'
import type { Files } from '../../../src/tools/repl/command.js'
import { COMMANDS } from '../../../src/tools/repl/commands.js'
import { printResult } from '../../../src/tools/repl/print-result.js'
import type { Result } from '../../../src/tools/repl/result.js'
import { Session } from '../../../src/tools/repl/session.js'

/** A session to ask in tests; what goes wrong is in the answer, as a user sees it. */
export class Asking {
  readonly session: Session

  constructor(files?: Files) {
    this.session = new Session(COMMANDS, files)
  }

  results(line: string): Promise<readonly Result[]> {
    return this.session.run(line)
  }

  /** The answers without what is said about them. */
  async texts(line: string): Promise<string[]> {
    return (await this.results(line)).map((result) => {
      if (result.kind === 'problem')
        return result.diagnostics.map((each) => renderDiagnostic(each, { color: false })).join('\n')
      return 'text' in result ? result.text : printResult(result, { color: false, columns: 80 })
    })
  }

  async text(line: string): Promise<string> {
    return (await this.texts(line)).join('\n')
  }

  /** All that is printed. */
  async printed(line: string, columns = 80): Promise<string> {
    return (await this.results(line))
      .map((result) => printResult(result, { color: false, columns }))
      .join('\n')
  }
}
