import { resolve } from 'node:path';
import tailwind from '@tailwindcss/vite';
import type { InlineConfig } from 'vite';
import { preloadFont } from './preload-font.ts';
import { slimIcons } from './slim-icons.ts';

const HOME = resolve(import.meta.dirname, '../..');
const WEB_SOURCES = resolve(HOME, 'web');

/** Browsers that know `light-dark()`, popovers, native dialogs and anchor positioning or its fallback. */
const TARGET = ['chrome123', 'firefox125', 'safari17.5'];

/**
 * What is loaded together: pages that share most of their parts, since small files compress badly and cost a request
 * each. What none of them names is split by who needs it.
 */
const CHUNKS = [
  { name: 'app', tags: ['$initial' as const], priority: 1 },
  { name: 'icons', test: /lucide-react/, minShareCount: 2 },
  {
    name: 'home',
    test: /core\/commit\b|web\/src\/(data|ui|pages\/home\/(?!.*-dialog)|actions\/(?!member|quota|role|secret|session|team|token|workspace))/,
  },
  { name: 'run', test: /pages\/run\/(?!views|dialogs\/(?!gate-rules)|tabs\/(?!approvals))/ },
  { name: 'dialogs', test: /pages\/(run\/dialogs\/(?!gate-rules)|home\/.*-dialog)/ },
  { name: 'graph', test: /src\/graph\/|to-graph-stages?\b/ },
  { name: 'run-views', test: /src\/timeline\/|pages\/run\/views\// },
  { name: 'run-tabs', test: /pages\/run\/tabs\/(?!approvals|use-run-part)/ },
  {
    name: 'shared',
    test: /src\/app\/(linked|granters)|settings\/(settings-frame|form-panel|reason-dialog)|pipeline\/(use-pipeline|edit\/diff)|core\/permission/,
  },
  { name: 'pipelines', test: /pages\/(pipelines|runs|pipeline\/(pipeline-page|file-tab|trigger|groups))\b/ },
  { name: 'settings', test: /pages\/(settings|organization|mine)\// },
  { name: 'records', test: /pages\/(secrets|audit|admin)\// },
  { name: 'pipeline-texts', test: /pages\/pipeline\/(settings|edit)\// },
];

/** How the web interface is built into `outDir`. */
export function buildConfig(outDir: string): InlineConfig {
  return {
    root: WEB_SOURCES,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    // Vite's own folder beside the sources would be a thing more to ignore.
    cacheDir: resolve(HOME, '.cache/vite'),
    plugins: [tailwind(), preloadFont(), slimIcons()],
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
        output: { codeSplitting: { groups: CHUNKS } },
        // Marks of server components, which there are none of here.
        onwarn(warning, warn) {
          if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
        },
      },
    },
    worker: { format: 'es' },
  };
}
