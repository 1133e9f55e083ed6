import { join } from 'node:path';
import { loadSettings } from '#config/system/load.ts';
import type { Settings } from '#config/system/settings.ts';

/** Settings of a process of the embedded engine as a machine without variables has them, with its data in `folder`. */
export function testSettings(folder: string, environment: NodeJS.ProcessEnv = {}): Settings {
  return loadSettings({
    BUILDIT_DATA: join(folder, 'data'),
    BUILDIT_INSTANCE: 'test',
    BUILDIT_SOCKET: join(folder, 'api.sock'),
    BUILDIT_TOKEN_FILE: join(folder, 'token'),
    BUILDIT_CONTENT_VERSION: 'test',
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    TEMPORAL_NAMESPACE: 'test',
    // Tests ask as fast as they can.
    BUILDIT_RATE_LIMIT_READS: '1000000',
    BUILDIT_RATE_LIMIT_WRITES: '1000000',
    ...environment,
  });
}
