import * as z from 'zod/mini';
import type { Route } from '../route.ts';
import { commandSchema, problemSchema } from '../schemas/problem.ts';
import { gateSchema, runSchema, stageSchema } from '../schemas/run.ts';
import { canSchema, reasonSchema, statusSchema } from '../schemas/status.ts';
import { findGetters } from './links.ts';

const KNOWN: Record<string, z.ZodMiniType> = {
  Problem: problemSchema,
  Command: commandSchema,
  Run: runSchema,
  Stage: stageSchema,
  Gate: gateSchema,
  Status: statusSchema,
  Reason: reasonSchema,
  Can: canSchema,
};

/** Schemas that stand under their own name in the document: those above, and the object of each kind. */
export function nameSchemas(routes: readonly Route[]) {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(KNOWN)) registry.add(schema, { id });
  for (const [kind, { answers }] of findGetters(routes)) {
    const schema = answers[200];
    const id = `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`;
    const isFree = typeof schema === 'object' && !registry.has(schema) && !(id in KNOWN);
    if (isFree) registry.add(schema, { id });
  }
  return registry;
}
