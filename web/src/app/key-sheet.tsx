import { useLocation } from 'wouter';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/choice.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { wishFirstSteps } from './first-steps-wish.ts';
import { closeKeySheet, useIsKeySheetOpen } from './key-sheet-state.ts';
import { listBindings, type KeyGroup } from './keys.ts';
import { usePlace } from './place.ts';
import { usePreference, writePreference } from './preferences.ts';

const GROUPS: readonly KeyGroup[] = ['This page', 'Lists', 'Everywhere', 'Go to'];

/** `?`: what the keys do here, from the bindings themselves. */
export function KeySheet() {
  return useIsKeySheetOpen() ? <OpenSheet /> : null;
}

function OpenSheet() {
  const all = listBindings();
  const areOn = usePreference('keys') === 'on';
  return (
    <Dialog title="Keys" onClose={closeKeySheet} width="normal">
      <div className="grid grid-cols-2 gap-x-8 gap-y-4 max-sm:grid-cols-1">
        {GROUPS.map((group) => {
          const rows = all.filter((binding) => binding.group === group);
          if (rows.length === 0) return null;
          return (
            <section key={group}>
              <h3 className="mb-1 text-12 font-semibold text-2">{group}</h3>
              <dl className="text-13">
                {rows.map(({ keys, label }) => (
                  <div key={keys} className="flex min-h-7 items-center justify-between gap-4">
                    <dt>{label}</dt>
                    <dd className="flex gap-1">
                      {listKeys(keys).map((key) => (
                        <kbd
                          key={key}
                          className="min-w-5 rounded-4 border border-control px-1 text-center font-mono text-12"
                        >
                          {key}
                        </kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
      <div className="mt-4 flex items-start justify-between gap-4 border-t border-subtle pt-4">
        <Checkbox
          label="Single keys act"
          hint="Ctrl or Cmd with K always opens the search."
          isChecked={areOn}
          onChange={(isOn) => writePreference('keys', isOn ? 'on' : 'off')}
        />
        <FirstStepsButton />
      </div>
    </Dialog>
  );
}

/** The steps of a first visit, for who has put them away. */
function FirstStepsButton() {
  const place = usePlace();
  const [, go] = useLocation();
  if (!place) return null;
  const show = () => {
    wishFirstSteps(place.path, 'wanted');
    closeKeySheet();
    go(place.base);
  };
  return (
    <Button size="dense" onClick={show}>
      Show the first steps
    </Button>
  );
}

/** `g h` are two keys; a space alone is one, and has a name. */
function listKeys(keys: string): string[] {
  return keys === ' ' ? ['Space'] : keys.split(' ');
}
