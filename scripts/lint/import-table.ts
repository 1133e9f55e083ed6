/** What the files of one folder may import besides their own folder. */
export interface Row {
  /** Folder of the importing file, from the repository's top. The longest match counts. */
  from: string;
  /** Folders and files of ours, from the repository's top: a name covers all below it. */
  ours: readonly string[];
  /** The same, for `import type` only. */
  oursAsTypes?: readonly string[];
  /** Node's built-in modules. */
  builtins: boolean;
  /** Packages: the named ones alone, or all but the named. A name that ends in `/` is a scope. */
  packages: { only: readonly string[] } | { except: readonly string[] };
}

const temporalSdk = '@temporalio/';
const http = ['hono', '@hono/'];
const sql = ['drizzle-orm', 'postgres'];
const terminal = ['commander', 'picocolors'];

// A workflow's message definitions are plain data: the workflow, the API and the worker agree on them.
const messages = 'workflows/**/messages.ts';

const activities: Row = {
  from: 'activities',
  ours: ['core', 'config', 'store'],
  oursAsTypes: ['workflows'],
  builtins: true,
  packages: {
    except: [
      ...['@temporalio/client', '@temporalio/worker', '@temporalio/workflow', '@temporalio/testing'],
      ...[...http, ...sql, ...terminal],
    ],
  },
};

const store: Row = {
  from: 'store',
  ours: ['core', 'config/system'],
  builtins: true,
  packages: { except: [temporalSdk, ...http, ...sql, ...terminal] },
};

/**
 * The import table: who may import what. A package or folder that no row allows is forbidden, so a new one is a
 * decision made here. Tests beside the code, `test/`, `bench/` and `scripts/` may import anything.
 */
export const importTable: readonly Row[] = [
  { from: 'core', ours: [], builtins: false, packages: { only: [] } },
  {
    from: 'config',
    ours: ['core'],
    builtins: true,
    packages: { only: ['kdljs', '@marcbachmann/cel-js', 'picomatch', 're2js', 'zod'] },
  },
  {
    from: 'workflows',
    ours: ['core'],
    oursAsTypes: ['activities'],
    builtins: false,
    packages: { only: ['@temporalio/workflow'] },
  },
  store,
  { ...store, from: 'store/secret', ours: [...store.ours, 'db'] },
  { from: 'tracing', ours: ['core'], builtins: false, packages: { only: ['@opentelemetry/'] } },
  { from: 'db', ours: ['core'], builtins: true, packages: { only: [...sql, 'uuid'] } },
  activities,
  ...['record', 'lease', 'shell'].map((port): Row => ({
    ...activities,
    from: `activities/${port}`,
    ours: [...activities.ours, 'db'],
  })),
  { ...activities, from: 'activities/reconcile', ours: [...activities.ours, 'db', 'temporal/client.ts'] },
  {
    from: 'temporal',
    ours: ['core', 'activities', 'config/system', 'tracing', messages],
    oursAsTypes: ['workflows'],
    builtins: true,
    packages: { except: [...http, ...sql, ...terminal] },
  },
  {
    from: 'api',
    ours: ['core', 'config', 'db', 'store', 'temporal/client.ts', 'tracing', messages],
    oursAsTypes: ['workflows'],
    builtins: true,
    packages: { except: ['@temporalio/worker', '@temporalio/workflow', '@temporalio/activity', ...terminal] },
  },
  {
    from: 'engine',
    ours: ['core', 'config/system'],
    builtins: true,
    packages: { except: [...http, 'drizzle-orm', ...terminal] },
  },
  {
    from: 'backup',
    ours: ['core', 'config/system', 'db', 'store'],
    builtins: true,
    packages: { only: [] },
  },
  {
    from: 'web',
    ours: ['core'],
    oursAsTypes: ['api'],
    builtins: false,
    packages: { only: ['react', 'react-dom', 'wouter', '@tanstack/react-query', 'lucide-react'] },
  },
  // What builds it, on Node.
  { from: 'web/build', ours: [], builtins: true, packages: { only: ['vite', '@tailwindcss/vite'] } },
  {
    from: 'cli',
    ours: ['core', 'config', 'api/client', 'api/client.ts', 'engine'],
    builtins: true,
    packages: { except: [temporalSdk, ...http, ...sql, 'unstorage'] },
  },
];
