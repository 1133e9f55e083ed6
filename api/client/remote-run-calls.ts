import type { RemoteRunRequest } from '#core/rest-snapshots.ts';
import type { RunObject } from '#core/rest.ts';
import { toQuery, type Http } from './http.ts';
import type { UploadOptions } from './upload-snapshot.ts';

/** Runs of a tree of this machine on a server. */
export function remoteRunCalls({ transport, write }: Http) {
  return {
    /** Sends what the workspace does not have yet; loaded when it is called, as it reads and hashes files. */
    uploadSnapshot: async (options: UploadOptions) => {
      const { uploadSnapshot } = await import('./upload-snapshot.ts');
      return uploadSnapshot(transport, options);
    },
    startRemoteRun: (workspace: string | null, body: RemoteRunRequest) =>
      write<RunObject>('POST', `runs/remote${toQuery({ workspace })}`, body),
  };
}
