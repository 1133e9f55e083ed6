import { useConnection } from '../data/stream.ts';
import { Button, type ButtonSize, type ButtonVariant } from '../ui/button.tsx';
import { MenuButton, type MenuEntry } from '../ui/menu.tsx';
import { bindActions, type Action, type Availability, type BoundAction } from './action.ts';
import { nameOf, useActionRunner } from './runner.tsx';

interface ActionProps<Subject> {
  action: Action<Subject>;
  subject: Subject;
  variant?: ButtonVariant;
  size?: ButtonSize;
}

/** The button of an action; nothing where nobody may know of it. */
export function ActionButton<Subject>({ action, subject, variant, size }: ActionProps<Subject>) {
  const { run, busy } = useActionRunner();
  const { isOnline } = useConnection();
  const availability = action.availability(subject);
  if (availability === 'hidden') return null;
  return (
    <Button
      icon={action.icon}
      kbd={action.key}
      isBusy={busy.has(nameOf(action as Action<unknown>, subject))}
      disabledReason={explainRefusal(action, availability, isOnline)}
      variant={variant ?? (action.isDangerous ? 'danger' : 'secondary')}
      {...(size ? { size } : {})}
      onClick={() => run(action, subject)}
    >
      {action.label(subject)}
    </Button>
  );
}

/** The actions of a row or a page's head as a menu. */
export function ActionMenu<Subject>(props: {
  label: string;
  actions: readonly Action<Subject>[];
  subject: Subject;
  size?: ButtonSize;
}) {
  const { label, actions, subject, size = 'dense' } = props;
  const { run } = useActionRunner();
  const bound = bindActions(actions, subject, run);
  if (bound.length === 0) return null;
  return (
    <span data-row-actions="" className="contents">
      <MenuButton label={label} variant="ghost" size={size} entries={bound.map(toEntry)} />
    </span>
  );
}

/** Why it cannot be done now: what the server says, or that it cannot be asked. */
function explainRefusal(
  { kind }: Pick<Action<never>, 'kind'>,
  availability: Exclude<Availability, 'hidden'>,
  isOnline: boolean,
): string | null {
  if (availability !== 'yes') return availability.no;
  return isOnline || kind === 'local' ? null : 'needs a connection';
}

function toEntry({ label, icon, key, isDangerous, availability, run }: BoundAction): MenuEntry {
  return {
    ...{ kind: 'act', label, icon, isDangerous, run },
    kbd: key ?? undefined,
    disabledReason: availability === 'yes' ? null : availability.no,
  };
}
