import type { ParamDeclaration } from '#core/param.ts';
import { Checkbox } from '../../../ui/choice.tsx';
import { SelectField, TextField } from '../../../ui/field.tsx';

/** The control of one parameter, by its type. The value is what `--param NAME=` takes; empty means not given. */
export function ParamField(props: {
  param: ParamDeclaration;
  value: string;
  error: string | null;
  onChange(value: string): void;
}) {
  const { param, value, error, onChange } = props;
  const { name, type, values, required, description } = param;
  const hint = [description, hintOf(param)].filter(Boolean).join(' ');
  switch (type) {
    case 'boolean':
      return (
        <Checkbox
          label={name}
          hint={hint || null}
          isChecked={value === 'true'}
          onChange={(isOn) => onChange(String(isOn))}
        />
      );
    case 'enum':
      return (
        <SelectField
          label={name}
          hint={hint}
          error={error}
          value={value}
          required={required}
          options={[
            ...(value === '' ? [{ value: '', label: 'choose one' }] : []),
            ...values.map((one) => ({ value: one, label: one })),
          ]}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'string':
    case 'number':
    case 'list':
    case 'secret':
      return (
        <TextField
          label={name}
          hint={hint}
          error={error}
          value={value}
          required={required}
          inputMode={type === 'number' ? 'decimal' : 'text'}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    default:
      return type satisfies never;
  }
}

function hintOf({ type, match }: ParamDeclaration): string {
  if (match !== null) return `Matches ${match}`;
  switch (type) {
    case 'number':
      return 'A number.';
    case 'list':
      return 'Values separated by commas.';
    case 'secret':
      return 'The name of a secret.';
    case 'string':
    case 'boolean':
    case 'enum':
      return '';
    default:
      return type satisfies never;
  }
}

/** What a field holds before anybody has typed. */
export function initialValue({ default: value, type }: ParamDeclaration): string {
  if (value === null) return type === 'boolean' ? 'false' : '';
  return typeof value === 'string' ? value : value.join(',');
}
