import { SlidersHorizontal } from 'lucide-react';
import type { SettingObject } from '#core/rest-workspaces.ts';
import { useLinked } from '../../app/linked.ts';
import { useList } from '../../data/use-list.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table, type Column } from '../../ui/table.tsx';

const COLUMNS: readonly Column<SettingObject>[] = [
  {
    ...{ key: 'name', head: 'Name', width: '34%' },
    cell: ({ name }) => (
      <a href={`#${name}`} className="font-mono text-12 text-1 hover:underline">
        {name}
      </a>
    ),
  },
  {
    ...{ key: 'value', head: 'Value' },
    cell: ({ value, unset, origin }) =>
      value !== null ? (
        <code className="font-mono text-12" title={value}>
          {value}
        </code>
      ) : origin === 'default' ? (
        <span className="text-2">{unset === null ? 'unset' : `unset: ${unset}`}</span>
      ) : (
        <span className="text-2">set, and a secret</span>
      ),
  },
  {
    ...{ key: 'origin', head: 'From', width: '26%' },
    cell: ({ origin, place }) => (place === null ? origin : <code className="font-mono text-12">{place}</code>),
  },
];

/** Settings of the installation as they are in force; they are changed where they are from. */
export function ServerSettingsPanel() {
  const { data, error, refetch } = useList<SettingObject>('settings');
  const linked = useLinked(data !== undefined);
  return (
    <Panel title="Settings of the server">
      <Table
        label="settings of the server"
        columns={COLUMNS}
        isDense
        items={data?.items}
        keyOf={({ name }) => name}
        isSelected={({ name }) => name === linked}
        error={
          !data && error ? (
            <ErrorState what="The settings could not be read" problem={error} onRetry={() => void refetch()} />
          ) : null
        }
        empty={<EmptyState icon={SlidersHorizontal} title="There are no settings" />}
      />
    </Panel>
  );
}
