/**
 * Entry of a short process: lets the Temporal SDK download its server into the folder given as argument. Run by
 * `temporal-sources.ts`, which ends it when it takes too long; whatever fails here is the last line on stderr.
 */
import { Runtime } from '@temporalio/worker';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: temporal-download.ts FOLDER');

Runtime.install({ shutdownSignals: [] });
const runtime = Runtime.instance();
try {
  // The SDK offers no download alone: it starts what it fetched, once, in memory.
  const server = await runtime.createEphemeralServer({
    type: 'dev-server',
    exe: {
      type: 'cached-download',
      downloadDir: folder,
      version: 'default',
      ttl: 0,
      sdkName: 'sdk-typescript',
      sdkVersion: 'default',
    },
    ip: '127.0.0.1',
    port: null,
    ui: false,
    uiPort: null,
    namespace: 'default',
    dbFilename: null,
    log: { format: 'pretty', level: 'error' },
    extraArgs: [],
  });
  await runtime.shutdownEphemeralServer(server);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await runtime.shutdown();
}
