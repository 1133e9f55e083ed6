/** The command that starts the same run: `buildit trigger shop-api --param version=1.2`. */
export function writeCommand(
  pipeline: string,
  body: { branch?: string; params: Readonly<Record<string, string>> },
): string {
  const params = Object.entries(body.params).map(([name, value]) => `--param ${quoteWord(`${name}=${value}`)}`);
  return [
    'buildit trigger',
    quoteWord(pipeline),
    ...(body.branch ? [`--branch ${quoteWord(body.branch)}`] : []),
    ...params,
  ].join(' ');
}

/** As a POSIX shell takes it. */
function quoteWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
