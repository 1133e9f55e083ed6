import { Check, Minus } from 'lucide-react';
import { ACTION_MEANINGS, leastRoleFor, WORKSPACE_ACTIONS } from '#core/permission.ts';
import { useWorkspace } from '../../app/place.ts';
import { Panel } from '../../ui/panel.tsx';

/** What the person may do in the workspace, and who may do the rest. */
export function RightsPanel() {
  const place = useWorkspace();
  return (
    <Panel title="What you may do here">
      <ul className="grid grid-cols-2 gap-x-6 gap-y-1.5 p-4 text-13 max-lg:grid-cols-1">
        {WORKSPACE_ACTIONS.map((action) => {
          const may = place.may(action);
          const Icon = may ? Check : Minus;
          return (
            <li key={action} className="flex items-start gap-2">
              <Icon size={16} aria-hidden className={`mt-0.5 shrink-0 ${may ? 'text-success' : 'text-3'}`} />
              <span className={may ? 'text-1' : 'text-2'}>
                <span className="sr-only">{may ? 'You may ' : 'You may not '}</span>
                {ACTION_MEANINGS[action]}
                {may ? null : <span className="block text-12 text-3">needs {leastRoleFor(action)}</span>}
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
