import { defineConfig } from 'vitest/config'
import shared from './vitest.config.js'

/** `npm run test:browser`: what needs Chromium, apart from `npm test`. */
export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    // Those of the other tests.
    projects: undefined,
    include: ['test/browser/*.browser.ts'],
    globalSetup: ['test/browser/setup.ts'],
    hookTimeout: 60_000,
  },
})
