import { listWorkspaces, useMe } from '../../data/me.ts';

/** Where something is, for who has several workspaces. */
export function WorkspaceName({ path }: { path: string }) {
  const { data } = useMe();
  if (!data || listWorkspaces(data).length < 2) return null;
  return <span>{path} · </span>;
}
