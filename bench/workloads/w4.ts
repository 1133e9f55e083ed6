import { wide } from '../graph/graph.ts';
import { openPeers } from '../graph/peers.ts';
import type { Workload } from '../harness/workload.ts';
import { openEngine } from './engine.ts';
import { apiFloor, commandFloor, warmRun } from './graph-systems.ts';
import { openIn } from './scope.ts';

const FIFTY = wide('fifty', 50);

export const w4: Workload = {
  id: 'w4',
  title: 'fifty stages side by side, two at a time',
  pace: 'middle',
  limitMs: 900_000,
  open: () =>
    openIn(async (scope) => [
      commandFloor('50 × docker run', FIFTY),
      await apiFloor(scope, '50 × engine API, shared network', FIFTY),
      warmRun(await openEngine(scope, 'warm'), FIFTY),
      ...(await openPeers(scope.folder, FIFTY)),
    ]),
};
