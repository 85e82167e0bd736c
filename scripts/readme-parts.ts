/** What README.md shows of generated code, taken from the compiler. */
import { compileModule } from '../src/index.js'

const SHOWN = ['backwardLogisticKernel', 'bell_valueAndGrad_kernel']

/** The text with the functions that its first program compiles to, after the comment `<!-- generated: … -->`. */
export function withGeneratedCode(readme: string): string {
  const [, program] = /```nn\n([^]*?)```/.exec(readme) ?? []
  if (program === undefined) throw new Error('README.md shows no program')
  const { code } = compileModule(program, { filename: 'regression.nn' })
  const shown = SHOWN.map((name) => functionText(code, name)).join('\n\n')
  return readme.replace(
    /(<!-- generated: [^]*?```js\n)[^]*?(```)/,
    (_, before: string, after: string) => `${before}${shown}\n${after}`,
  )
}

function functionText(code: string, name: string): string {
  const start = code.indexOf(`function ${name}(`)
  if (start < 0) throw new Error(`the program of README.md does not compile to '${name}'`)
  return code.slice(start, code.indexOf('\n}\n', start) + 2)
}
