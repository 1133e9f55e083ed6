import { FaultError, NO_RETRY } from '#core/fault.ts';
import { markSealed, readSealed } from '#core/sealed-text.ts';
import type { Database } from '#db/client.ts';
import { isId } from '#db/id.ts';
import { findOrganizationOfRun } from '#db/queries/release-secrets.ts';
import type { OutputSealer } from './port.ts';
import type { SealedText, TextSealer } from './text-sealer.ts';

const PURPOSE = 'secret output of a stage';

/** Seals outputs under the key of the run's organization, so that every worker and every re-run opens them. */
export function createOutputSealer(database: Database, sealer: TextSealer): OutputSealer {
  async function requireOrganization(runId: string): Promise<string> {
    const found = await findOrganizationOfRun(database, runId);
    if (found !== null) return found;
    throw new FaultError({ code: 'run-unknown', message: `There is no run ${runId}`, retry: NO_RETRY });
  }
  return {
    async seal(runId, text) {
      const sealed = await sealer.seal(await requireOrganization(runId), PURPOSE, text);
      return markSealed(Buffer.from(JSON.stringify(sealed)).toString('base64'));
    },
    async open(runId, text) {
      const sealed = readSealed(text);
      if (sealed === null) throw new Error('only what was sealed can be opened');
      return sealer.open(await requireOrganization(runId), PURPOSE, parseSealed(sealed));
    },
  };
}

const NONE: SealedText = { keyId: '', iv: '', ciphertext: '', tag: '' };

function parseSealed(text: string): SealedText {
  try {
    const parsed: Partial<SealedText> = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
    const sealed = { ...NONE, ...parsed };
    if (isId(sealed.keyId)) return sealed;
  } catch {
    // As below.
  }
  throw new FaultError({
    code: 'text-unsealable',
    message: `The sealed ${PURPOSE} does not open`,
    cause: 'it is none',
    fix: 'Run the stage that put it out again',
    retry: NO_RETRY,
  });
}
