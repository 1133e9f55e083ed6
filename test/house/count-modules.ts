import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';

// Loaded before an entry, it says on its last line of stdout how many files of code the process has loaded.
if (isMainThread) {
  const loaded = new Set<string>();
  registerHooks({
    load(url, context, next) {
      if (url.startsWith('file:')) loaded.add(url);
      return next(url, context);
    },
  });
  process.once('exit', () => process.stdout.write(`\n${loaded.size}\n`));
}
