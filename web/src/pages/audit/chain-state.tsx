import { useQuery } from '@tanstack/react-query';
import { ShieldAlert, ShieldCheck, ShieldEllipsis } from 'lucide-react';
import type { AuditChainObject } from '#core/rest-audit.ts';
import { get } from '../../data/http.ts';
import { Clock } from '../../ui/moment.tsx';

const EVERY_MS = 60_000;

const SHAPE = 'inline-flex items-center gap-1.5 text-12 text-2';

/** Up to when the chain is what it was; a broken one names the first bad record (UI §4.14). */
export function ChainState({ workspace, onOpen }: { workspace: string; onOpen(id: string): void }) {
  const { data } = useQuery({
    queryKey: ['audit', 'chain', workspace],
    queryFn: ({ signal }) => get<AuditChainObject>('audit/chain', { workspace }, signal),
    refetchInterval: EVERY_MS,
  });
  if (!data) return null;
  const { broken, verdict, verifiedUpTo } = data;
  if (verdict === 'broken') {
    return (
      <span role="status" data-hue="error" className="inline-flex items-center gap-1.5 text-12 text-error-text">
        <ShieldAlert size={14} aria-hidden className="text-hue" />
        The chain is broken{broken ? `: ${broken.detail}` : '; an admin of the organization sees where'}
        {broken?.id ? (
          <button type="button" className="text-link hover:underline" onClick={() => onOpen(broken.id ?? '')}>
            Show record {broken.seq}
          </button>
        ) : null}
      </span>
    );
  }
  if (!verifiedUpTo) return <span className={SHAPE}>nothing is verified yet</span>;
  const Icon = verdict === 'intact' ? ShieldCheck : ShieldEllipsis;
  return (
    <span className={SHAPE} title="Every record is what it was when it was written, and none is gone">
      <Icon size={14} aria-hidden className={verdict === 'intact' ? 'text-success' : 'text-3'} />
      <span>
        verified up to <Clock at={verifiedUpTo} />
        {verdict === 'intact' ? '' : ', and going on'}
      </span>
    </span>
  );
}
