import { defineConfig } from 'vitest/config'

/** The tests that drive a real Chromium: `npm run e2e`, beside a running Hilo (deploy/with-hilo.sh). */
export default defineConfig({
  root: new URL('.', import.meta.url).pathname,
  cacheDir: '../node_modules/.vite-e2e',
  resolve: { alias: { '@': new URL('../src', import.meta.url).pathname } },
  test: {
    include: ['*.spec.ts'],
    environment: 'node',
    // One Hilo and two cores: files after one another, and the tests of a file in their order.
    fileParallelism: false,
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 15_000, interval: 50 } },
    reporters: ['verbose'],
  },
})
