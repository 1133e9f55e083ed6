/**
 * Host and path of a remote's address, as people write a repository: `github.com/acme/shop`. Without user, password,
 * port, query and `.git`, so that nothing of how one signs in is kept. Null for a folder of this machine.
 */
export function nameRepository(address: string): string | null {
  const { host, path } = readUrl(address) ?? readScp(address) ?? { host: '', path: '' };
  const inside = path.replaceAll(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  return host === '' || inside === '' ? null : `${host}/${inside}`;
}

function readUrl(address: string): { host: string; path: string } | null {
  const url = URL.parse(address);
  return url === null || !address.includes('://') ? null : { host: url.hostname, path: decode(url.pathname) };
}

/** `git@github.com:acme/shop.git`: the short form of ssh. */
function readScp(address: string): { host: string; path: string } | null {
  const { host = '', path = '' } = /^(?:[^@/]*@)?(?<host>[^:/@]{2,}):(?<path>(?!\/\/).+)$/.exec(address)?.groups ?? {};
  return { host, path };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
