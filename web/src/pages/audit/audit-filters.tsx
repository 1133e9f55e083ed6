import { useState, type ComponentProps } from 'react';
import { SelectField, TextField } from '../../ui/field.tsx';

/** Parameters of the address that limit the list and its export, as the API names them. */
export const AUDIT_FILTERS = ['from', 'to', 'actor', 'action', 'object', 'verdict', 'address'] as const;
export type AuditFilters = Partial<Record<(typeof AUDIT_FILTERS)[number], string | null>>;

const TEXTS = [
  { name: 'actor', label: 'Actor', placeholder: 'user:ann' },
  { name: 'action', label: 'Action', placeholder: 'secret.create' },
  { name: 'object', label: 'Object', placeholder: 'id or name' },
  { name: 'address', label: 'Address', placeholder: '192.0.2.1' },
] as const;

/** A field for each thing that an event says; what is there counts when the field is left, or at Enter. */
export function AuditFilterFields(props: {
  filters: AuditFilters;
  onSet(name: (typeof AUDIT_FILTERS)[number], value: string): void;
}) {
  const { filters, onSet } = props;
  return (
    <>
      {(['from', 'to'] as const).map((name) => (
        <div key={name} className="w-48 max-sm:w-full">
          <FilterField
            type="datetime-local"
            label={name === 'from' ? 'From' : 'Before'}
            set={toLocal(filters[name] ?? null)}
            onSet={(local) => onSet(name, toIso(local))}
          />
        </div>
      ))}
      {TEXTS.map(({ name, label, placeholder }) => (
        <div key={name} className="w-40 max-sm:w-[calc(50%-6px)]">
          <FilterField
            {...{ label, placeholder, set: filters[name] ?? '' }}
            {...(name === 'actor' ? { 'data-filter': '' } : {})}
            onSet={(value) => onSet(name, value)}
          />
        </div>
      ))}
      <div className="w-32 max-sm:w-[calc(50%-6px)]">
        <SelectField
          label="Verdict"
          value={filters.verdict ?? ''}
          options={[
            { value: '', label: 'both' },
            { value: 'done', label: 'done' },
            { value: 'refused', label: 'refused' },
          ]}
          onChange={(event) => onSet('verdict', event.target.value)}
        />
      </div>
    </>
  );
}

/** Holds what is typed until it counts. What is `set` elsewhere, or taken away, replaces it; another filter does not. */
function FilterField(props: ComponentProps<typeof TextField> & { set: string; onSet(value: string): void }) {
  const { set, onSet, ...native } = props;
  const [text, setText] = useState(set);
  const [known, setKnown] = useState(set);
  if (known !== set) {
    setKnown(set);
    setText(set);
  }
  const commit = () => {
    const value = text.trim();
    setText(value);
    if (value !== set) onSet(value);
  };
  return (
    <TextField
      {...native}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    />
  );
}

/** As `datetime-local` has it: the time of this machine, without a zone. */
function toLocal(iso: string | null): string {
  const at = iso === null ? Number.NaN : Date.parse(iso);
  if (Number.isNaN(at)) return '';
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function toIso(local: string): string {
  return local === '' ? '' : new Date(local).toISOString();
}
