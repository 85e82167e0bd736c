import { LLkLookaheadStrategy, type ILookaheadStrategy } from 'chevrotain'

type ForAlternation = ILookaheadStrategy['buildLookaheadForAlternation']
type ForOptional = ILookaheadStrategy['buildLookaheadForOptional']

/** Works out what tells the ways on apart when a parser first stands there: few programs use all of the grammar. */
export class LazyLookahead extends LLkLookaheadStrategy {
  override buildLookaheadForAlternation(...options: Parameters<ForAlternation>): ReturnType<ForAlternation> {
    return calledAsMethod(() => super.buildLookaheadForAlternation(...options))
  }

  override buildLookaheadForOptional(...options: Parameters<ForOptional>): ReturnType<ForOptional> {
    return calledAsMethod(() => super.buildLookaheadForOptional(...options))
  }
}

/** A function that is made when it is first called; the parser calls it as a method of itself. */
function calledAsMethod<Args extends unknown[], Result>(
  make: () => (...args: Args) => Result,
): (...args: Args) => Result {
  let made: ((...args: Args) => Result) | undefined
  return function (this: unknown, ...args) {
    return (made ??= make()).apply(this, args)
  }
}
