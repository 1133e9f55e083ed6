import type { GateField } from '#core/gate.ts';
import { SelectField, TextField } from '../../../ui/field.tsx';

type Values = Readonly<Record<string, string>>;

export function initialFields(fields: readonly GateField[]): Record<string, string> {
  return Object.fromEntries(fields.flatMap(({ name, default: value }) => (value === null ? [] : [[name, value]])));
}

/** What is plainly wrong; patterns (RE2) are the server's to check. By name. */
export function checkFields(fields: readonly GateField[], values: Values): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap(({ name, type, required }) => {
      const value = values[name] ?? '';
      if (required && value === '') return [[name, 'Has to be filled in']];
      return type === 'number' && value !== '' && !Number.isFinite(Number(value)) ? [[name, 'Is no number']] : [];
    }),
  );
}

/** What a gate asks to be filled in. */
export function GateFields(props: {
  fields: readonly GateField[];
  values: Values;
  errors: Values;
  onChange(values: Record<string, string>): void;
}) {
  const { fields, values, errors, onChange } = props;
  return fields.map((field) => {
    const { name, type, description, match, required } = field;
    const shared = {
      ...{ label: name, value: values[name] ?? '', error: errors[name], required },
      hint: [description, match === null ? null : `matches ${match}`].filter(Boolean).join('; '),
      onChange: (event: { target: { value: string } }) => onChange({ ...values, [name]: event.target.value }),
    };
    const choices = type === 'boolean' ? ['true', 'false'] : field.values;
    return type === 'enum' || type === 'boolean' ? (
      <SelectField
        key={name}
        {...shared}
        options={['', ...choices].map((value) => ({ value, label: value === '' ? 'Choose…' : value }))}
      />
    ) : (
      <TextField key={name} {...shared} {...(type === 'number' ? { inputMode: 'decimal' } : {})} />
    );
  });
}
