import { resolve } from 'node:path';
import tailwind from '@tailwindcss/vite';
import type { InlineConfig } from 'vite';
import { preloadFont } from './preload-font.ts';

const HOME = resolve(import.meta.dirname, '../..');
const WEB_SOURCES = resolve(HOME, 'web');

/** Browsers that know `light-dark()`, popovers, native dialogs and anchor positioning or its fallback. */
const TARGET = ['chrome123', 'firefox125', 'safari17.5'];

/** How the web interface is built into `outDir`. */
export function buildConfig(outDir: string): InlineConfig {
  return {
    root: WEB_SOURCES,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    // Vite's own folder beside the sources would be a thing more to ignore.
    cacheDir: resolve(HOME, '.cache/vite'),
    plugins: [tailwind(), preloadFont()],
    build: {
      outDir,
      emptyOutDir: true,
      target: TARGET,
      cssTarget: TARGET,
      // Nothing is inlined as a data address: the policy of the pages takes pictures and fonts from this server alone.
      assetsInlineLimit: 0,
      manifest: 'manifest.json',
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      sourcemap: false,
      chunkSizeWarningLimit: 1_000,
      rolldownOptions: {
        // Marks of server components, which there are none of here.
        onwarn(warning, warn) {
          if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
        },
      },
    },
    worker: { format: 'es' },
  };
}
