import type { Order } from './measure.js'

/** What is not within the bound yet, in the functions on expressions or in modules. */
export const OPEN: Readonly<Record<string, readonly Order[]>> = {}
