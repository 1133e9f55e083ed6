import { ensureBundle } from './bundle.ts';

/** Run at install, so that the first start of a worker finds the bundle. */
await ensureBundle();
