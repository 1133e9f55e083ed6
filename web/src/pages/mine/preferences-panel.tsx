import { usePreference, writePreference } from '../../app/preferences.ts';
import { Radio, Switch } from '../../ui/choice.tsx';
import { Panel } from '../../ui/panel.tsx';

const THEMES = [
  { value: 'system', label: 'As the system' },
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
] as const;

const CLOCKS = [
  { value: 'local', label: 'Of this machine' },
  { value: 'utc', label: 'UTC' },
] as const;

/** How this browser shows things; each choice acts at once and is kept here. */
export function PreferencesPanel() {
  const theme = usePreference('theme');
  const clock = usePreference('clock');
  const keys = usePreference('keys');
  return (
    <Panel title="This browser" id="preferences">
      <div className="flex flex-col gap-5 p-4">
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-13 font-medium">Theme</legend>
          {THEMES.map(({ value, label }) => (
            <Radio
              key={value}
              name="theme"
              label={label}
              isChecked={theme === value}
              onChange={() => writePreference('theme', value)}
            />
          ))}
        </fieldset>
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-13 font-medium">Zone of times</legend>
          {CLOCKS.map(({ value, label }) => (
            <Radio
              key={value}
              name="clock"
              label={value === 'local' ? `${label} (${Intl.DateTimeFormat().resolvedOptions().timeZone})` : label}
              isChecked={clock === value}
              onChange={() => writePreference('clock', value)}
            />
          ))}
        </fieldset>
        <Switch
          label="Single keys act"
          hint="Ctrl or Cmd with K always opens the search."
          isChecked={keys === 'on'}
          onChange={(isOn) => writePreference('keys', isOn ? 'on' : 'off')}
        />
      </div>
    </Panel>
  );
}
