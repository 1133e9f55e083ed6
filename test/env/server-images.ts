import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type Docker from 'dockerode';
import { importImage } from './images.ts';
import { locatePostgres } from './postgres.ts';
import type { Entry } from './root-file-system.ts';
import { listLibraries } from './shared-libraries.ts';
import { listShellsEntries } from './shells-entries.ts';
import { locateTemporal } from './temporal.ts';

/** Images that stand in for public ones where no registry can be reached, by the variable or argument that names them. */
export const STAND_INS = {
  BASE_IMAGE: 'buildit-test/debian:1',
  NODE_IMAGE: 'buildit-test/node:1',
  POSTGRES_IMAGE: 'buildit-test/postgres:1',
  TEMPORAL_IMAGE: 'buildit-test/temporal:1',
} as const;

/** Makes those that are not there, of this machine's own programs. */
export async function makeServerImages(docker: Docker): Promise<void> {
  const present = new Set((await docker.listImages()).flatMap((image) => image.RepoTags ?? []));
  const make = async (name: keyof typeof STAND_INS, list: () => Entry[] | Promise<Entry[]>, more: string[] = []) => {
    if (!present.has(STAND_INS[name])) await importImage(docker, STAND_INS[name], await list(), more);
  };
  await make('BASE_IMAGE', listDebianEntries);
  await make('NODE_IMAGE', listNodeEntries, describeRegistry());
  await make('POSTGRES_IMAGE', listPostgresEntries, ['ENTRYPOINT ["/entry"]', 'USER 65534']);
  await make('TEMPORAL_IMAGE', listTemporalEntries);
}

/** Where this machine gets packages from, and whom it trusts for that. */
function describeRegistry(): string[] {
  const registry = execFileSync('npm', ['config', 'get', 'registry'], {
    encoding: 'utf8',
    stdio: [null, null, 'ignore'],
  });
  const trusts = process.env['NODE_EXTRA_CA_CERTS'] ? [`ENV NODE_EXTRA_CA_CERTS=/${EXTRA_CERTIFICATES}`] : [];
  return [`ENV NPM_CONFIG_REGISTRY=${registry.trim()}`, ...trusts];
}

const EXTRA_CERTIFICATES = 'etc/extra-certificates.pem';

/** For `debian:bookworm-slim`: shells, core tools, and of the C and C++ runtime what Node and its modules need. */
function listDebianEntries(): Entry[] {
  const native = createRequire(import.meta.url).resolve('@temporalio/core-bridge/package.json');
  const core = join(dirname(native), 'releases', `${process.arch === 'x64' ? 'x86_64' : 'aarch64'}-unknown-linux-gnu`);
  const needed = [process.execPath, join(core, 'index.node')].flatMap(listLibraryEntries);
  return distinct([...listShellsEntries(), ...needed]);
}

/** For `node:24-bookworm-slim`: the same with the Node and npm of this process. */
function listNodeEntries(): Entry[] {
  const npm = dirname(dirname(realpathSync(execFileSync('which', ['npm'], { encoding: 'utf8' }).trim())));
  const extra = process.env['NODE_EXTRA_CA_CERTS'];
  return distinct([
    ...listDebianEntries(),
    ...(extra ? [{ kind: 'file', path: EXTRA_CERTIFICATES, content: readFileSync(extra) } as const] : []),
    ...folders('usr/lib/node_modules'),
    ...listProgram('usr/bin/node', process.execPath),
    ...listTree(npm, 'usr/lib/node_modules/npm'),
    { kind: 'link', path: 'usr/bin/npm', target: '../lib/node_modules/npm/bin/npm-cli.js' },
  ]);
}

/** For `temporalio/server`: the server inside the `temporal` command. */
async function listTemporalEntries(): Promise<Entry[]> {
  return distinct([...listDebianEntries(), ...listProgram('usr/bin/temporal', await locateTemporal())]);
}

const POSTGRES_ENTRY = `#!/bin/sh
set -eu
data=/var/lib/postgresql/data
if [ ! -e "$data/PG_VERSION" ]; then
	mkdir -p "$data"
	printf '%s' "$POSTGRES_PASSWORD" > /tmp/password
	/opt/postgres/bin/initdb -D "$data" -U "$POSTGRES_USER" -A scram-sha-256 --pwfile=/tmp/password -E UTF8 --no-locale
	echo "host all all all scram-sha-256" >> "$data/pg_hba.conf"
	echo "CREATE DATABASE $POSTGRES_DB" | /opt/postgres/bin/postgres --single -D "$data" postgres
fi
exec /opt/postgres/bin/postgres -D "$data" -h 0.0.0.0 -k /tmp
`;

/** For `postgres`: the binaries of the embedded one, with the variables of the public image. */
function listPostgresEntries(): Entry[] {
  const home = dirname(dirname(locatePostgres('postgres')));
  return distinct([
    ...listDebianEntries(),
    ...folders('opt'),
    ...['initdb', 'postgres'].flatMap((name) => listLibraryEntries(join(home, 'bin', name))),
    ...listTree(home, 'opt/postgres'),
    ...folders('var/lib/postgresql').map((entry) => ({ ...entry, mode: 0o777 }) as Entry),
    { kind: 'file', path: 'entry', content: POSTGRES_ENTRY, mode: 0o755 },
  ]);
}

function listProgram(path: string, source: string): Entry[] {
  const content = readFileSync(realpathSync(source));
  return [...listLibraryEntries(source), { kind: 'file', path, content, mode: 0o755 }];
}

/** The system's libraries a program is started with, at the paths where the loader looks. */
function listLibraryEntries(source: string): Entry[] {
  const libraries = listLibraries(source).filter((library) => /^\/(usr\/)?lib/.test(library));
  return libraries.flatMap((library): Entry[] => [
    ...folders(dirname(library).slice(1)),
    { kind: 'file', path: library.slice(1), content: readFileSync(realpathSync(library)), mode: 0o755 },
  ]);
}

function listTree(source: string, path: string): Entry[] {
  return [
    { kind: 'folder', path },
    ...readdirSync(source, { withFileTypes: true }).flatMap((entry): Entry[] => {
      const from = join(source, entry.name);
      const to = `${path}/${entry.name}`;
      if (entry.isDirectory()) return listTree(from, to);
      if (entry.isSymbolicLink()) return [{ kind: 'link', path: to, target: readlinkSync(from) }];
      return [{ kind: 'file', path: to, content: readFileSync(from), mode: 0o755 }];
    }),
  ];
}

/** A folder with those above it. */
function folders(path: string): Entry[] {
  const parts = path.split('/');
  return parts.map((_, index) => ({ kind: 'folder', path: parts.slice(0, index + 1).join('/') }));
}

function distinct(entries: Entry[]): Entry[] {
  return [...new Map(entries.map((entry) => [entry.path, entry])).values()];
}
