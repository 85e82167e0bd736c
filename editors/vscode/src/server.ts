import { start } from '../../../src/tools/lsp/main.js'

start()
