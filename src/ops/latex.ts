/** LaTeX shapes of operators; the arguments are printed, with their parentheses, before. */

/** `\name\left(x, …\right)`. */
export function call(name: string): (...args: readonly string[]) => string {
  return (...args) => `${name}\\left(${args.join(', ')}\\right)`
}

/** A name without a LaTeX command of its own. */
export function named(name: string): (...args: readonly string[]) => string {
  return call(`\\operatorname{${name}}`)
}

export function infix(symbol: string): (a: string, b: string) => string {
  return (a, b) => `${a} ${symbol} ${b}`
}

export function fenced(left: string, right: string): (x: string) => string {
  return (x) => `\\left${left}${x}\\right${right}`
}
