import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { CopyText } from './copy-text.tsx';

/** Nothing here: one sentence, one main action, one command to copy. */
export function EmptyState(props: {
  icon?: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  command?: string;
}) {
  const { icon: Icon, title, children, action, command } = props;
  return (
    <div className="flex flex-col items-center gap-3 px-4 py-12 text-center">
      {Icon ? <Icon size={24} aria-hidden className="text-3" /> : null}
      <p className="text-14 font-medium text-1">{title}</p>
      {children ? <div className="max-w-120 text-13 text-2">{children}</div> : null}
      {action ? <div className="flex flex-wrap justify-center gap-2">{action}</div> : null}
      {command ? <CopyText text={command} /> : null}
    </div>
  );
}
