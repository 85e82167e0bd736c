import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// From its package, chevrotain pulls in all of lodash-es (450 ms for each test file); its own bundle takes 13 ms.
const chevrotain = fileURLToPath(new URL('./node_modules/chevrotain/lib/chevrotain.mjs', import.meta.url))

/** Tests that run generated code: they run a second time over WebAssembly. */
const ON_BOTH = [
  'test/accuracy/*.test.ts',
  'test/cases/*.test.ts',
  'test/codegen/{infinities,masks,product,steady,untaken}.test.ts',
  'test/differentiate/own-rules.test.ts',
  'test/examples/{folder,lenet}.test.ts',
  'test/matrix/{gradients,values}.test.ts',
  'test/memory/memory.test.ts',
  'test/property/untaken.test.ts',
  'test/schedule/{checkpoint,pieces,recurrence}.test.ts',
  'test/simplify/share-{dear,sums}.test.ts',
  'test/std/{activations,alone,convolution,layers,losses,recurrent}.test.ts',
  'test/verify/{corners,programs}.test.ts',
]

/** Tests that replace modules: what others have loaded, they would not see replaced. */
const ALONE = ['test/std/lazy.test.ts']

export default defineConfig({
  resolve: { alias: { chevrotain } },
  test: {
    projects: [
      { extends: true, test: { name: 'js', include: ['test/**/*.test.ts'], exclude: ALONE } },
      { extends: true, test: { name: 'alone', include: ALONE, isolate: true } },
      { extends: true, test: { name: 'wasm', include: ON_BOTH, env: { NNC_TEST_TARGET: 'wasm' } } },
    ],
    pool: 'threads',
    // No file changes what others see; one that has run has made the compiler fast for the next.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    coverage: { provider: 'v8', include: ['src/**', 'grammar/**', 'codegen/**'] },
  },
})
