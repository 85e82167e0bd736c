/** Compiled gradients against the same written by hand, naively and as well as we could: `npx tsx bench/speed.ts lstm tiny` runs some of them. */
import { besideHand } from './beside-hand.js'
import { WORKLOADS } from './workloads.js'

const wanted = process.argv.slice(2)
await besideHand(
  WORKLOADS.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part))),
)
