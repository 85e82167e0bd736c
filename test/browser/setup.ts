import { findChromium } from './chromium.js'

/** Without a browser no test can say anything: one message, instead of a failure of each. */
export function setup(): void {
  try {
    findChromium()
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
}
