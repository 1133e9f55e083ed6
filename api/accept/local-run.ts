/** What all local runs have in common (ENGINE 13); the row of their workspace is there from the first migration. */
export const LOCAL_RUN = {
  workspaceId: '00000000-0000-7000-8000-000000000002',
  workspace: 'main/main',
  trigger: 'local',
  priority: 3,
} as const;

/** Where they belong: the organization `main`, which is there from the first migration too. */
export const LOCAL_OWNER = {
  organizationId: '00000000-0000-7000-8000-000000000001',
  workspaceId: LOCAL_RUN.workspaceId,
} as const;
