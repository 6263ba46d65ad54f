import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import optimizeLocales from '@react-aria/optimize-locales-plugin'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const API = process.env.API ?? 'http://127.0.0.1:4400'
/** Under this many bytes a compressed copy saves no packet. */
const WORTH_COMPRESSING = 1024

/**
 * Writes .br and .gz beside every text asset, so that the gateway serves them without compressing at run time.
 * It must run in writeBundle: in generateBundle, Vite has not yet replaced __VITE_PRELOAD__, and the compressed
 * copy would be broken.
 */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    async writeBundle(options, bundle) {
      for (const name of Object.keys(bundle)) {
        if (!/\.(js|css|svg|html)$/.test(name)) continue
        const file = join(options.dir ?? 'dist', name)
        const bytes = await readFile(file)
        if (bytes.length < WORTH_COMPRESSING) continue
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }
        await writeFile(`${file}.br`, brotliCompressSync(bytes, quality))
        await writeFile(`${file}.gz`, gzipSync(bytes, { level: 9 }))
      }
    },
  }
}

export default defineConfig({
  plugins: [
    { ...optimizeLocales.vite({ locales: ['es-ES', 'en-US'] }), enforce: 'pre' },
    react(),
    tailwindcss(),
    precompress(),
  ],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  test: { include: ['src/**/*.test.ts'] },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': API } },
  build: {
    target: 'es2023',
    manifest: true,
    // A font as a data: URL would break the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ }],
        },
      },
    },
  },
})
