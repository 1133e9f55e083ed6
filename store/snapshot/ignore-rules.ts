import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { errorCode } from '../object/disk-fault.ts';

/** In this order: the first that has an opinion decides. */
const RULE_FILES = ['.builditignore', '.gitignore'] as const;
type RuleFile = (typeof RULE_FILES)[number];

/** The rules that hold in one folder: its own files before those of the folders above it. */
export interface IgnoreRules {
  /** Of the folder the rules stand in, relative to the root with a `/` behind; `''` is the root. */
  prefix: string;
  matchers: { file: RuleFile; matcher: Ignore }[];
  above: IgnoreRules | null;
  /** Equal for rules that say the same about everything below. */
  id: string;
}

/** Rules for a folder whose entries are `names`; those of `above` when it has no rule file. */
export function readRules(
  root: string,
  prefix: string,
  names: ReadonlySet<string>,
  above: IgnoreRules | null,
): IgnoreRules | null {
  const matchers: IgnoreRules['matchers'] = [];
  const id = createHash('sha256').update(JSON.stringify([above?.id ?? '', prefix]));
  for (const file of RULE_FILES) {
    if (!names.has(file)) continue;
    const text = readRuleFile(join(root, prefix, file));
    if (text === null) continue;
    matchers.push({ file, matcher: ignore().add(text) });
    id.update(JSON.stringify([file, text]));
  }
  return matchers.length === 0 ? above : { prefix, matchers, above, id: id.digest('hex').slice(0, 16) };
}

/** What the rules say about a path (relative to the root; folders with a `/` behind); null is nothing. */
export function judge(rules: IgnoreRules | null, path: string): { file: RuleFile; isIgnored: boolean } | null {
  for (let level = rules; level !== null; level = level.above) {
    const relative = path.slice(level.prefix.length);
    for (const { file, matcher } of level.matchers) {
      const verdict = matcher.test(relative);
      if (verdict.ignored || verdict.unignored) return { file, isIgnored: verdict.ignored };
    }
  }
  return null;
}

/**
 * The rules for what stands below a folder that a `!` rule took back: those without the
 * files that leave the folder out, as these would leave out all that is in it.
 */
export function takeBack(rules: IgnoreRules | null, folder: string): IgnoreRules | null {
  if (rules === null) return null;
  const relative = folder.slice(rules.prefix.length);
  const matchers = rules.matchers.filter(({ matcher }) => !matcher.test(relative).ignored);
  return { ...rules, matchers, above: takeBack(rules.above, folder), id: `${rules.id}!${folder}` };
}

/** Null when a folder or a dangling link has the name. */
function readRuleFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if (['ENOENT', 'EISDIR', 'ELOOP'].includes(errorCode(thrown) ?? '')) return null;
    throw thrown;
  }
}
