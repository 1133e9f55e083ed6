import { FaultError, NO_RETRY } from '#core/fault.ts';
import { readSealed } from '#core/sealed-text.ts';
import { listReferences, type Text, type Values } from '#core/text.ts';
import type { OutputSealer } from '#store/secret/port.ts';

/** Values of a stage as it may read them. */
export interface OpenedValues {
  values: Values;
  /** Those that were sealed, by path: to be masked. */
  secrets: Record<string, string>;
}

/** Opens what other stages put out sealed. */
export async function openSealedValues(
  values: Values,
  open: (sealed: string) => Promise<string>,
): Promise<OpenedValues> {
  const secrets: Record<string, string> = {};
  for (const [path, value] of Object.entries(values)) {
    if (readSealed(value) !== null) secrets[path] = await open(value);
  }
  return { values: { ...values, ...secrets }, secrets };
}

/** Seals what a stage wrote to `$BUILDIT_SECRET_OUTPUT`, each value for itself. */
export async function sealOutputs(
  outputs: Readonly<Record<string, string>>,
  sealer: OutputSealer,
  runId: string,
): Promise<Record<string, string>> {
  const sealed: Record<string, string> = {};
  for (const [key, value] of Object.entries(outputs)) sealed[key] = await sealer.seal(runId, value);
  return sealed;
}

/** Secrets may stand in environment and scripts alone (LANGUAGE §5); that an output is one is known only now. */
export function refuseSecretIn(text: Text, place: string, { secrets }: OpenedValues): void {
  const found = listReferences(text).find(({ ref }) => Object.hasOwn(secrets, ref));
  if (!found) return;
  throw new FaultError({
    code: 'secret-output-misplaced',
    message: `\${${found.ref}} is a secret output and may not stand in ${place}`,
    fix: 'read it in env or in a script, or let the stage write it to $BUILDIT_OUTPUT',
    retry: NO_RETRY,
  });
}
