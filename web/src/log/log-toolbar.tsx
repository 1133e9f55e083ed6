import {
  ChevronDown,
  ChevronUp,
  ChevronsDown,
  ChevronsDownUp,
  Clock,
  Copy,
  Download,
  FileText,
  Maximize2,
  Search,
  WrapText,
} from 'lucide-react';
import { buttonClasses, IconButton } from '../ui/button.tsx';
import { formatCount } from '../ui/format-bytes.ts';
import { MenuButton } from '../ui/menu.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { TIME_MODES, type TimeMode } from './model/line-time.ts';
import type { LogOptions } from './use-log-options.ts';
import type { LogViewState } from './view/log-view.ts';

const TIMES: Record<TimeMode, string> = {
  off: 'No times',
  elapsed: 'Since the attempt began',
  clock: 'Clock',
  utc: 'UTC',
};

interface LogToolbarProps {
  state: LogViewState | null;
  options: LogOptions;
  onChange(change: Partial<LogOptions>): void;
  /** Addresses of the stored bytes. */
  raw: string;
  text: string;
  fileName: string;
  announces: boolean;
  act: {
    search(): void;
    goToError(direction: 1 | -1): void;
    foldAll(): void;
    follow(): void;
    copy(): void;
    announce(): void;
    fillScreen(): void;
  };
}

/** What one does with a log. */
export function LogToolbar({ state, options, onChange, raw, text, fileName, announces, act }: LogToolbarProps) {
  const { errors = [], gaps = [], ended = true } = state?.index ?? {};
  const isFollowing = state?.follow.kind === 'on';
  const selected = state?.selection;
  const noErrors = errors.length === 0 ? 'no line is an error' : null;
  return (
    <div
      role="toolbar"
      aria-label="Log"
      className="flex min-h-9 flex-wrap items-center gap-0.5 border-b border-subtle bg-raised px-2 py-0.5"
    >
      <p className="tabular mr-auto px-1 text-12 text-2">
        {state ? `${formatCount(state.lines)} ${state.lines === 1 ? 'line' : 'lines'}` : ' '}
        {gaps.length > 0 ? (
          <span data-hue="warning" className="ml-2 text-hue-text">
            {gaps.length === 1 ? '1 gap' : `${gaps.length} gaps`}
          </span>
        ) : null}
      </p>
      <IconButton size="dense" icon={Search} label="Search" kbd="Ctrl+F" onClick={act.search} />
      <span className="tabular px-1 text-12 text-2">
        {formatCount(errors.length)} {errors.length === 1 ? 'error' : 'errors'}
      </span>
      <IconButton
        size="dense"
        icon={ChevronUp}
        label="Previous error"
        kbd="["
        disabledReason={noErrors}
        onClick={() => act.goToError(-1)}
      />
      <IconButton
        size="dense"
        icon={ChevronDown}
        label="Next error"
        kbd="]"
        disabledReason={noErrors}
        onClick={() => act.goToError(1)}
      />
      <IconButton size="dense" icon={ChevronsDownUp} label="Fold or unfold all" kbd="Shift+E" onClick={act.foldAll} />
      <IconButton
        size="dense"
        icon={WrapText}
        label="Wrap lines"
        aria-pressed={options.isWrapped}
        variant={options.isWrapped ? 'secondary' : 'ghost'}
        onClick={() => onChange({ isWrapped: !options.isWrapped })}
      />
      <MenuButton
        label="Times and more"
        icon={Clock}
        variant="ghost"
        size="dense"
        entries={[
          ...TIME_MODES.map((time) => ({
            kind: 'act' as const,
            label: TIMES[time],
            isChecked: options.time === time,
            run: () => onChange({ time }),
          })),
          { kind: 'line' },
          { kind: 'act', label: 'Announce new errors', isChecked: announces, isSwitch: true, run: act.announce },
        ]}
      />
      {ended ? null : (
        <IconButton
          size="dense"
          icon={ChevronsDown}
          label="Follow"
          kbd="f"
          aria-pressed={isFollowing}
          variant={isFollowing ? 'secondary' : 'ghost'}
          onClick={act.follow}
        />
      )}
      <IconButton
        size="dense"
        icon={Copy}
        label={
          selected
            ? `Copy ${selected.from === selected.to ? 'the line' : `${formatCount(selected.to - selected.from + 1)} lines`}`
            : 'Copy lines'
        }
        disabledReason={selected ? null : 'choose lines first: click a line number, then another with Shift'}
        onClick={act.copy}
      />
      <Address href={raw} label="Download" download={fileName} icon={Download} />
      <Address href={text} label="Plain text" icon={FileText} />
      <IconButton size="dense" icon={Maximize2} label="Full screen" onClick={act.fillScreen} />
    </div>
  );
}

function Address(props: { href: string; label: string; icon: typeof Download; download?: string }) {
  const { href, label, icon: Icon, download } = props;
  const target = download === undefined ? { target: '_blank', rel: 'noopener noreferrer' } : { download };
  return (
    <Tooltip text={label} isLabel>
      <a href={href} aria-label={label} className={buttonClasses('ghost', 'dense', true)} {...target}>
        <Icon size={16} aria-hidden />
      </a>
    </Tooltip>
  );
}
