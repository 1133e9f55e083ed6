import { testServices } from '../service.contract.ts';
import { createFakeRuntime, fakeExecutor, fakeHost } from './executor.ts';

const DIGEST = 'sha256:fa4e';

testServices('fake', async () => {
  const runtime = createFakeRuntime();
  return {
    openWorker: () => ({ executor: fakeExecutor(runtime), host: fakeHost(runtime) }),
    image: { ref: 'none', pull: 'never' },
    imageDigest: async () => DIGEST,
    source: { kind: 'in-place', folder: '/' },
    describeService(name, endsWith) {
      const made = { image: DIGEST, output: Buffer.from('up\n') };
      runtime.services.behaviours.set(
        name,
        endsWith === undefined ? made : { ...made, endsAfterMs: 0, exitCode: endsWith },
      );
      return { env: {}, command: null, ready: { kind: 'image', timeoutMs: 60_000 } };
    },
    dispose: async () => undefined,
  };
});
