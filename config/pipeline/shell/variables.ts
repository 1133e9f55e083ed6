/** Variables every stage has (LANGUAGE §11), by the path they stand for. */
const BUILT_IN: Readonly<Record<string, string>> = {
  'run.id': 'BUILDIT_RUN_ID',
  'run.number': 'BUILDIT_RUN_NUMBER',
  'run.attempt': 'BUILDIT_RUN_ATTEMPT',
  'run.url': 'BUILDIT_URL',
  'stage.name': 'BUILDIT_STAGE',
  'stage.attempt': 'BUILDIT_STAGE_ATTEMPT',
  'pipeline.name': 'BUILDIT_PIPELINE',
  'git.sha': 'BUILDIT_GIT_SHA',
  'git.branch': 'BUILDIT_GIT_BRANCH',
  'git.tag': 'BUILDIT_GIT_TAG',
};

/** Which variable to read instead of a reference, as a hint; `how` says where (`… there`). */
export function suggestVariable(path: readonly string[], how: string): string {
  const dotted = path.join('.');
  const builtIn = Object.hasOwn(BUILT_IN, dotted) ? BUILT_IN[dotted] : undefined;
  const [root, name = ''] = path;
  const known = builtIn ?? (root === 'env' ? name : undefined);
  if (known !== undefined) return `read the variable ${known} ${how}`;
  const made = dotted
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();
  return `add to the stage: env "${made}" "\${${dotted}}", and read the variable ${made} ${how}`;
}
