import { errorCode } from './disk-fault.ts';

/**
 * What a file system's call answers, or `absent` where the file or folder is not there, or a file stands where a folder
 * was asked for. Other errors are thrown on.
 */
export async function absentAs<Result, Absent>(act: Promise<Result>, absent: Absent): Promise<Result | Absent> {
  try {
    return await act;
  } catch (thrown) {
    const code = errorCode(thrown);
    if (code === 'ENOENT' || code === 'ENOTDIR') return absent;
    throw thrown;
  }
}
