/** What is measured, by name. A system is loaded where it is opened, so that a process holds one of them. */
import type { Target } from './nnc.js'
import type { Open } from './tasks.js'

/** The targets of nnc that are measured. */
const TARGETS = ['js', 'wasm'] as const satisfies readonly Target[]
const PEERS = ['by hand js', 'by hand wasm', 'tfjs cpu', 'tfjs wasm', 'jax-js wasm', 'pytorch'] as const

export type SystemName = `nnc ${(typeof TARGETS)[number]}` | (typeof PEERS)[number]
/** The first one is what the others are compared with. */
export const SYSTEMS: readonly SystemName[] = [...TARGETS.map((target) => `nnc ${target}` as const), ...PEERS]

export async function openSystem(name: Exclude<SystemName, 'pytorch'>): Promise<Open> {
  switch (name) {
    case 'by hand js':
      return (await import('./by-hand.js')).openByHand
    case 'by hand wasm':
      return (await import('./by-hand-wasm.js')).openWasmByHand
    case 'tfjs cpu':
      return (await import('./tfjs.js')).openTfjs('cpu')
    case 'tfjs wasm':
      return (await import('./tfjs.js')).openTfjs('wasm')
    case 'jax-js wasm':
      return (await import('./jax-js.js')).openJaxJs
    default: {
      const target = TARGETS.find((each) => name === `nnc ${each}`)
      if (!target) throw new Error(`${name} is not measured`)
      return (await import('./nnc.js')).openNnc(target)
    }
  }
}
