import type { WorkspaceObject } from '#core/rest-workspaces.ts';

/** What the fields of a workspace say, as it is typed. */
export interface WorkspaceFields {
  name: string;
  days: string;
  weight: string;
}

/** Fields that are typed and not saved, with the workspace they are a change of. */
export interface WorkspaceDraft {
  fields: WorkspaceFields;
  base: WorkspaceObject;
}

export function fieldsOf({ name, organization, retentionDays, weight }: WorkspaceObject): WorkspaceFields {
  return { name: name.slice(organization.length + 1), days: String(retentionDays), weight: String(weight) };
}

/** What the fields change of a workspace, as the API takes it; empty when nothing. */
export function changeOf(
  { name, days, weight }: WorkspaceFields,
  base: WorkspaceObject,
): { name?: string; retentionDays?: number; weight?: number } {
  const before = fieldsOf(base);
  return {
    ...(name === before.name ? {} : { name }),
    ...(days === before.days ? {} : { retentionDays: Number(days) }),
    ...(weight === before.weight ? {} : { weight: Number(weight) }),
  };
}

/** Whether the fields say something else than the workspace has. */
export function differs(fields: WorkspaceFields, base: WorkspaceObject): boolean {
  return Object.keys(changeOf(fields, base)).length > 0;
}

/** The same wish against what is there now: fields that were typed stay, the others follow. */
export function rebaseDraft({ fields, base }: WorkspaceDraft, present: WorkspaceObject): WorkspaceDraft {
  const [before, now] = [fieldsOf(base), fieldsOf(present)];
  const pick = (key: keyof WorkspaceFields) => (fields[key] === before[key] ? now[key] : fields[key]);
  return { fields: { name: pick('name'), days: pick('days'), weight: pick('weight') }, base: present };
}

/** `sent` is saved: what was typed while it was on its way is a change of what there is now. */
export function settleDraft(
  draft: WorkspaceDraft | null,
  sent: WorkspaceFields,
  present: WorkspaceObject,
): WorkspaceDraft | null {
  return draft === null || draft.fields === sent ? null : { fields: draft.fields, base: present };
}
