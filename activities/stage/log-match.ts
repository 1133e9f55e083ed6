import { RE2JS } from 're2js';
import type { RetryRule } from '#core/plan.ts';

/** A line is looked at up to here; a pattern that stands further right in a longer one is not found. */
const MAX_LINE_BYTES = 65_536;

export interface LogMatcher {
  push(bytes: Uint8Array): void;
  /** Indices of the rules whose `log-match` was found in a line so far, ascending; what has no line feed yet is a line. */
  finish(): number[];
}

/**
 * Looks for the rules' patterns line by line as the log goes by; null when no rule has one. RE2: linear in the text,
 * so no pattern and no output can hang the worker (reliability.md CFG7).
 */
export function createLogMatcher(rules: readonly Pick<RetryRule, 'logMatch'>[]): LogMatcher | null {
  const open = new Map<number, RE2JS>();
  for (const [index, rule] of rules.entries()) {
    if (rule.logMatch !== null) open.set(index, RE2JS.compile(rule.logMatch));
  }
  if (open.size === 0) return null;
  const found: number[] = [];
  let line: Buffer = Buffer.alloc(0);

  function look(bytes: Uint8Array): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
    for (const [index, pattern] of open) {
      if (!pattern.matcher(text).find()) continue;
      found.push(index);
      open.delete(index);
    }
  }

  return {
    push(bytes) {
      let from = 0;
      while (open.size > 0) {
        const end = bytes.indexOf(0x0a, from);
        const part = bytes.subarray(from, end === -1 ? bytes.length : end);
        if (line.length < MAX_LINE_BYTES) line = Buffer.concat([line, part.subarray(0, MAX_LINE_BYTES - line.length)]);
        if (end === -1) return;
        look(line);
        line = Buffer.alloc(0);
        from = end + 1;
      }
    },
    finish() {
      if (line.length > 0) look(line);
      return found.toSorted((left, right) => left - right);
    },
  };
}
