import { makeBundle } from './bundle.ts';

/** Run at install, so that the first start of a worker finds the bundle, and by one that finds none. */
await makeBundle();
