import { ServerCog } from 'lucide-react';
import { usePageHead } from '../../app/page.ts';
import { useMe } from '../../data/me.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ExecutorsPanel } from './executors-panel.tsx';
import { FactsPanel } from './facts-panel.tsx';
import { ServerSettingsPanel } from './server-settings-panel.tsx';
import { SwitchesPanel } from './switches-panel.tsx';

/** How the installation is: facts with limits and remedies, who works, what is set (UI §4.16). */
export default function AdminPage() {
  usePageHead({ title: 'Health' });
  const { data: me } = useMe();
  if (!me) return null;
  if (!me.isOperator) {
    return (
      <EmptyState icon={ServerCog} title="This is for operators of the installation" command="buildit status">
        You are not one of them.
      </EmptyState>
    );
  }
  return (
    <div className="in-order flex flex-col gap-4 p-6 max-sm:p-4">
      <FactsPanel />
      <SwitchesPanel />
      <ExecutorsPanel />
      <ServerSettingsPanel />
    </div>
  );
}
