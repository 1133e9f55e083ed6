import { Focus, Minus, Plus } from 'lucide-react';
import { IconButton } from '../../ui/button.tsx';

interface GraphCornerProps {
  /** Stages that no node of their own shows. */
  folded: number;
  isAllShown: boolean;
  onToggleAll(): void;
  onZoom(factor: number): void;
  onFit(): void;
}

/** In the lower corners: how much is folded, and the zoom. */
export function GraphCorner({ folded, isAllShown, onToggleAll, onZoom, onFit }: GraphCornerProps) {
  return (
    <div className="pointer-events-none absolute inset-x-3 bottom-3 z-10 flex items-end gap-2 *:pointer-events-auto">
      {folded > 0 || isAllShown ? (
        <span className="flex h-8 items-center gap-1 rounded-6 border border-subtle bg-raised px-2.5 text-12 text-2">
          {folded > 0 ? `${folded} stages folded ·` : ''}
          <button type="button" className="min-h-6 text-link underline" onClick={onToggleAll}>
            {isAllShown ? 'Fold again' : 'Show all'}
          </button>
        </span>
      ) : null}
      <span className="ml-auto flex items-center rounded-6 border border-subtle bg-raised">
        <IconButton size="dense" icon={Minus} label="Zoom out" kbd="-" onClick={() => onZoom(1 / 1.25)} />
        <IconButton size="dense" icon={Plus} label="Zoom in" kbd="+" onClick={() => onZoom(1.25)} />
        <IconButton size="dense" icon={Focus} label="Fit" kbd="0" onClick={onFit} />
      </span>
    </div>
  );
}
