import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// What follows is in the order of its cost: `--version` reads one small file, all else
// is loaded through the compile cache, and each command loads its own code alone.
const root = join(import.meta.dirname, '..');
if (process.argv[2] === '--version' && process.argv.length === 3) {
  const manifest: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  process.stdout.write(`buildit ${manifest.version}\n`);
} else {
  enableCompileCache(join(root, 'node_modules', '.cache', 'buildit-compile'));
  const argv = process.argv.slice(2);
  if (process.env['BUILDIT_COMPLETE']) {
    const { answerCompletion } = await import('./completion/answer.ts');
    await answerCompletion(argv, process.env);
    process.exit(0);
  }
  const { runCommandLine } = await import('./dispatch.ts');
  const code = await runCommandLine(argv, process.env, process.cwd());
  const { flushOutput } = await import('./output/flush.ts');
  await flushOutput();
  // Not only `exitCode`: a kept-alive connection to the engine must not hold the command.
  process.exit(code);
}
