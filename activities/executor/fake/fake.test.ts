import { testServices } from '../service.contract.ts';
import { createFakeRuntime, fakeExecutor, fakeHost } from './executor.ts';

testServices('fake', async () => {
  const runtime = createFakeRuntime();
  return {
    openWorker: () => ({ executor: fakeExecutor(runtime), host: fakeHost(runtime) }),
    image: { ref: 'none', pull: 'never' },
    source: { kind: 'in-place', folder: '/' },
    describeService(name, endsWith) {
      const output = Buffer.from('up\n');
      runtime.services.behaviours.set(
        name,
        endsWith === undefined ? { output } : { output, endsAfterMs: 0, exitCode: endsWith },
      );
      return { env: {}, command: null, ready: { kind: 'image', timeoutMs: 60_000 } };
    },
    dispose: async () => undefined,
  };
});
