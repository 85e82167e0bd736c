/** Words of the language that are no names, inside expressions. */
export const KEYWORDS: ReadonlySet<string> = new Set(['if', 'then', 'else', 'and', 'or', 'not'])
