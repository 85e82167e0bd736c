/** The gradient of the network 784-512-512-10 beside the same written by hand. */
import { besideHand } from './beside-hand.js'
import { WORKLOADS } from './workloads.js'

await besideHand(WORKLOADS.filter(({ name }) => name.startsWith('MLP')))
