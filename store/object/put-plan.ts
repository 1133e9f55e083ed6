import { createHash } from 'node:crypto';
import type { ObjectReference } from '#core/attempt.ts';
import type { Plan } from '#core/plan.ts';
import type { ObjectStore } from './port.ts';

/** Puts a plan where stage activities read it; equal plans are one object. */
export async function putPlan(objects: Pick<ObjectStore, 'stat' | 'put'>, plan: Plan): Promise<ObjectReference> {
  const bytes = Buffer.from(JSON.stringify(plan));
  const digest = createHash('sha256').update(bytes).digest('hex');
  const key = `plans/${digest}.json`;
  if (!(await objects.stat(key))) await objects.put(key, bytes);
  return { key, digest, bytes: bytes.byteLength };
}
