import type { Reason } from './attempt.ts';

/** Code of the reason for which a stage waits for a machine with its labels. */
export const NO_RUNNER = 'no-runner';

/** Why a stage waits for a machine: `wanted` are its labels, `known` those that any machine has now. */
export function describeNoRunner(wanted: readonly string[], known: readonly string[]): Reason {
  const missing = wanted.filter((label) => !known.includes(label));
  const what =
    missing.length === 0
      ? `no runner has all of the labels ${wanted.join(', ')}`
      : `no runner has the label${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`;
  const fix = `BUILDIT_LABELS=${(missing.length === 0 ? wanted : missing).join(',')} buildit server --only worker`;
  return {
    code: NO_RUNNER,
    message: `${what}; start one: ${fix}`,
    values: { labels: wanted.join(', '), known: known.join(', ') },
  };
}

const SYSTEMS: Readonly<Record<string, string>> = { darwin: 'macos', win32: 'windows' };
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/** What every machine has without being told: its system and its architecture, as image platforms call them. */
export function listMachineLabels(platform: string, architecture: string): string[] {
  return [SYSTEMS[platform] ?? platform, ARCHITECTURES[architecture] ?? architecture];
}
