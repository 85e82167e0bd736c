/** Writes again the generated code and the session that README.md shows. */
import { readFileSync, writeFileSync } from 'node:fs'
import { withGeneratedCode } from './readme-parts.js'
import { withSession } from './readme-session.js'

const readme = new URL('../README.md', import.meta.url)
writeFileSync(readme, await withSession(withGeneratedCode(readFileSync(readme, 'utf8'))))
