/** Writes again the generated code that README.md shows. */
import { readFileSync, writeFileSync } from 'node:fs'
import { withGeneratedCode } from './readme-parts.js'

const readme = new URL('../README.md', import.meta.url)
writeFileSync(readme, withGeneratedCode(readFileSync(readme, 'utf8')))
