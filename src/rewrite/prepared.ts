import { outlineOf } from './outline.js'
import { compilePattern, type Pattern } from './pattern.js'
import type { Root, Rule } from './rule.js'

/** A rule at work. Its pattern is made when an expression first could be an instance. */
export class PreparedRule {
  readonly kind = 'rule'
  readonly name: string
  readonly root: Root
  /** Marks of operators that must stand directly below the root: some of those of the pattern. */
  readonly marks: number
  private made: Pattern | undefined

  constructor(private readonly rule: Rule) {
    const { root, marks } = outlineOf(rule)
    this.name = rule.name
    this.root = root ?? this.pattern.root
    this.marks = marks
  }

  get pattern(): Pattern {
    return (this.made ??= compilePattern(this.rule))
  }
}

const known = new WeakMap<Rule, PreparedRule>()

/** Each rule is prepared once, whatever sets it is in. */
export function prepared(rule: Rule): PreparedRule {
  const present = known.get(rule)
  if (present) return present
  const made = new PreparedRule(rule)
  known.set(rule, made)
  return made
}
