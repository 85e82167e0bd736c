/** `npm run library-page`: writes docs/standard-library.md again. */
import { writeFileSync } from 'node:fs'
import { formattedPage } from './standard-library-page.js'

writeFileSync(new URL('../docs/standard-library.md', import.meta.url), await formattedPage())
