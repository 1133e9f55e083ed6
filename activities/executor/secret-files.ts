import type { AttemptSpec } from './port.ts';

/** A tmpfs of the stage's container: what is in it is never on a disk. */
export const SECRET_FOLDER = '/run/buildit-secrets';
export const SECRET_FOLDER_OPTIONS = 'rw,noexec,nosuid,nodev,size=4m,mode=1777';

/** Variables by which contents reach the wrapper; it takes them out of the environment before the first step. */
export function listSecretFileVariables(files: AttemptSpec['secretFiles']): Record<string, string> {
  if (files.length === 0) return {};
  return Object.fromEntries([
    ['__bi_files', String(files.length)],
    ...files.flatMap(({ path, content }, index) => [
      [`__bi_path_${index + 1}`, path],
      [`__bi_text_${index + 1}`, content],
    ]),
  ]);
}

/**
 * Lines of the wrapper that write the files: 0400 and owned by the stage's user, whoever that is, with a link at the
 * path that was asked for, so that a mount hides nothing of the image. `fail` is called with a path that cannot be.
 */
export function writeSecretFiles(fail: string): string[] {
  return [
    'if [ -n "${__bi_files-}" ]; then',
    '  __bi_file=0',
    '  while [ "$__bi_file" -lt "$__bi_files" ]; do',
    '    __bi_file=$((__bi_file + 1))',
    '    eval "__bi_path=\\$__bi_path_$__bi_file"',
    `    ( umask 0277; eval "printf %s \\"\\$__bi_text_$__bi_file\\"" >${SECRET_FOLDER}/$__bi_file ) &&`,
    `      mkdir -p -- "\${__bi_path%/*}/" && ln -sfn ${SECRET_FOLDER}/$__bi_file "$__bi_path" || ${fail} "$__bi_path"`,
    '    unset "__bi_path_$__bi_file" "__bi_text_$__bi_file"',
    '  done',
    '  unset __bi_files __bi_file __bi_path',
    'fi',
  ];
}
