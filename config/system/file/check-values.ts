import { faultOf } from '#core/fault.ts';
import { loadSettings } from '../load.ts';
import type { VariableName } from '../variables.ts';

/** What no file says and every process has. */
const GIVEN = {
  ...{ BUILDIT_DATA: '/', BUILDIT_INSTANCE: 'i', BUILDIT_CONTENT_VERSION: 'v', BUILDIT_HOST_ID: 'h' },
  ...{ DATABASE_URL: 'postgres://', TEMPORAL_ADDRESS: 'temporal:7233' },
};

/** What is wrong with these values together, as one sentence on how to write them; null when nothing is. */
export function explainValues(values: Partial<Record<VariableName, string>>): string | null {
  try {
    loadSettings({ ...GIVEN, ...values });
    return null;
  } catch (error) {
    const fault = faultOf(error);
    if (fault?.code !== 'setting-invalid') throw error;
    return fault.fix ?? fault.message;
  }
}
