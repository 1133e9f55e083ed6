import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRotatingLog } from './rotating-log.ts';

it('a log keeps its newest files, none above the limit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'buildit-log-'));
  try {
    const log = openRotatingLog(join(folder, 'api.log'), { maxBytes: 100, maxFiles: 3 });
    for (let line = 0; line < 40; line++) log.write(`line ${String(line).padStart(3, '0')}\n`);
    log.close();
    expect(readdirSync(folder).toSorted()).toEqual(['api.log', 'api.log.1', 'api.log.2']);
    const whole = ['api.log.2', 'api.log.1', 'api.log'].map((name) => readFileSync(join(folder, name), 'utf8'));
    for (const text of whole) expect(text.length).toBeLessThanOrEqual(100);
    expect(whole.join('').trimEnd().split('\n').at(-1)).toBe('line 039');
    expect(whole.join('').trimEnd().split('\n')).toHaveLength(29);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('a log that was written before is continued', () => {
  const folder = mkdtempSync(join(tmpdir(), 'buildit-log-'));
  try {
    for (const text of ['one\n', 'two\n']) {
      const log = openRotatingLog(join(folder, 'api.log'));
      log.write(text);
      log.close();
    }
    expect(readFileSync(join(folder, 'api.log'), 'utf8')).toBe('one\ntwo\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
