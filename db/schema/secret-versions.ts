import { integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, createdAt } from './columns.ts';
import { dataKeys } from './data-keys.ts';
import { organizations } from './organizations.ts';
import { secrets } from './secrets.ts';
import { workspaces } from './workspaces.ts';

/** A value of a secret, sealed. Requests add rows and never read the sealed columns. */
export const secretVersions = pgTable(
  'secret_versions',
  {
    secretId: uuid()
      .notNull()
      .references(() => secrets.id, { onDelete: 'cascade' }),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    workspaceId: uuid().references(() => workspaces.id, { onDelete: 'cascade' }),
    version: integer().notNull(),
    dataKeyId: uuid()
      .notNull()
      .references(() => dataKeys.id),
    iv: bytes().notNull(),
    ciphertext: bytes().notNull(),
    tag: bytes().notNull(),
    createdBy: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.secretId, table.version] })],
);
