import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';

/** Of whoever is not named. */
const DEFAULT_BASE = 'https://github.com';

/**
 * Where a library `org/lib` is fetched: BUILDIT_IMPORTS names an address for each organization, `*` for all others, as
 * `acme=https://git.acme.example,*=https://github.com`. Throws exit 2.
 */
export function readLibraryUrl(setting: string | undefined, library: string): string {
  const bases = new Map((setting ?? '').split(',').filter(Boolean).map(readPair));
  const organization = library.split('/')[0] ?? '';
  const base = bases.get(organization) ?? bases.get('*') ?? DEFAULT_BASE;
  return `${base.replace(/\/+$/, '')}/${library}`;
}

function readPair(pair: string): [string, string] {
  const [organization = '', ...rest] = pair.trim().split('=');
  const base = rest.join('=');
  const url = URL.parse(base);
  if (organization === '' || !url || !['https:', 'http:', 'ssh:', 'git:', 'file:'].includes(url.protocol)) {
    throw refuse(`"${pair}" is no organization with an address`);
  }
  // The address is written into buildit.lock, which everybody reads.
  if (url.password !== '') throw refuse(`the address of ${organization} contains a password`);
  return [organization, base];
}

function refuse(message: string): CommandError {
  return new CommandError(EXIT.usage, {
    code: 'imports-setting-invalid',
    message: `BUILDIT_IMPORTS: ${message}`,
    fix: 'write BUILDIT_IMPORTS=acme=https://git.acme.example,*=https://github.com; git itself knows how to sign in',
  });
}
