import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'vite';
import { compressFolder } from './compress.ts';
import { buildConfig, WEB_SOURCES } from './config.ts';

/** `npm run build`: the web interface into `web/dist`, ready to be served. */
const target = resolve(WEB_SOURCES, 'dist');
rmSync(target, { recursive: true, force: true });
await build(buildConfig(target));
await compressFolder(target);
