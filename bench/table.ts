import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatDocument } from './harness/document.ts';
import { readResults } from './harness/result.ts';

/** `npm run bench:table`: what `bench/results` holds, between the markers in docs/benchmarks.md. */
const path = join(import.meta.dirname, '..', 'docs', 'benchmarks.md');
writeFileSync(path, formatDocument(readFileSync(path, 'utf8'), readResults()));
