import type { ReactNode } from 'react';
import { ErrorState, InlineProblem } from './error-state.tsx';
import { Table, type TableProps } from './table.tsx';

/** A list that was asked for, as a query has it. */
interface AskedList<Item> {
  data: { items: readonly Item[] } | undefined;
  error: unknown;
  refetch(): unknown;
}

interface ListTableProps<Item> extends Omit<TableProps<Item>, 'items' | 'error'> {
  list: AskedList<Item>;
  empty: ReactNode;
}

/** A table of objects by their id. */
export function ListTable<Item extends { id: string }>(props: Omit<ListTableProps<Item>, 'keyOf'>) {
  return <KeyedListTable {...props} keyOf={({ id }) => id} />;
}

/** A table of a list: while it comes, when it cannot be had, and when what is there could not be renewed. */
export function KeyedListTable<Item>({ list, ...table }: ListTableProps<Item>) {
  const { data, error, refetch } = list;
  const retry = () => void refetch();
  return (
    <>
      {data && error ? <InlineProblem problem={error} onRetry={retry} /> : null}
      <Table
        {...table}
        items={data?.items}
        error={
          !data && error ? (
            <ErrorState what={`The ${table.label} could not be read`} problem={error} onRetry={retry} />
          ) : null
        }
      />
    </>
  );
}
