import { join } from 'node:path';
import { processExecutor } from '../executor/process/executor.ts';
import { processHost } from '../executor/process/host.ts';
import { testPoints } from './points.contract.ts';

testPoints({
  kind: 'process',
  image: null,
  instance: 'points',
  dockerEndpoint: null,
  openExecutor({ snapshots }, folder) {
    const settings = { root: join(folder, 'processes'), snapshots };
    return { executor: processExecutor(settings), host: processHost(settings) };
  },
});
