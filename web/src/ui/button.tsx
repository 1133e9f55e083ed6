import { LoaderCircle, type LucideIcon } from 'lucide-react';
import { useEffect, useState, type ComponentProps, type ReactNode } from 'react';
import { Link } from 'wouter';
import { joinClasses } from './join-classes.ts';
import { Tooltip } from './tooltip.tsx';

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger';
export type ButtonSize = 'dense' | 'normal' | 'large';

const VARIANTS: Record<ButtonVariant, string> = {
  primary:
    'bg-fill-primary text-fill-text border-fill-primary-border not-aria-disabled:hover:bg-fill-primary-hover not-aria-disabled:active:bg-fill-primary-pressed',
  secondary: 'bg-elevated text-1 border-control not-aria-disabled:hover:bg-hover not-aria-disabled:active:bg-active',
  ghost:
    'text-2 border-transparent not-aria-disabled:hover:bg-hover not-aria-disabled:hover:text-1 not-aria-disabled:active:bg-active',
  danger:
    'bg-fill-danger text-fill-text border-transparent not-aria-disabled:hover:bg-fill-danger-hover not-aria-disabled:active:bg-fill-danger-pressed',
};

const SIZES: Record<ButtonSize, { text: string; icon: string }> = {
  dense: { text: 'h-7 px-2 text-12 gap-1.5', icon: 'size-7' },
  normal: { text: 'h-8 px-3 text-13 gap-1.5', icon: 'size-8' },
  large: { text: 'h-10 px-4 text-14 gap-2', icon: 'size-10' },
};

const SHAPE =
  'inline-flex shrink-0 select-none items-center justify-center rounded-6 border font-medium whitespace-nowrap no-underline transition-colors duration-120 ease-out aria-disabled:cursor-not-allowed aria-disabled:opacity-55';

export function buttonClasses(variant: ButtonVariant, size: ButtonSize, isIcon = false): string {
  return joinClasses(SHAPE, VARIANTS[variant], isIcon ? SIZES[size].icon : SIZES[size].text);
}

interface Look {
  variant?: ButtonVariant;
  size?: ButtonSize;
}

interface Acting {
  /** Busy: pressed again it does nothing; a spinner takes the icon's place after 150 ms. */
  isBusy?: boolean;
  /** Why it may not be pressed; it stays focusable and says so. */
  disabledReason?: string | null;
}

type Native = Omit<ComponentProps<'button'>, 'disabled' | 'children'>;

/** A button. One `primary` a view. */
export function Button(
  props: Native & Look & Acting & { icon?: LucideIcon; children: ReactNode; kbd?: string | undefined },
) {
  const {
    variant = 'secondary',
    size = 'normal',
    isBusy = false,
    disabledReason,
    icon,
    children,
    kbd,
    ...rest
  } = props;
  const { className, ...native } = rest;
  return (
    <WithReason reason={disabledReason}>
      <button
        type="button"
        {...native}
        {...blockWhen(isBusy || Boolean(disabledReason), native.onClick)}
        aria-busy={isBusy || undefined}
        className={joinClasses(buttonClasses(variant, size), className)}
      >
        <BusyIcon icon={icon} isBusy={isBusy} />
        {children}
        {kbd ? <kbd className="ml-1 font-sans text-12 opacity-70 max-lg:hidden">{kbd}</kbd> : null}
      </button>
    </WithReason>
  );
}

/** A button that is an icon: its label is read out and shown on hover and focus. */
export function IconButton(props: Native & Look & Acting & { icon: LucideIcon; label: string; kbd?: string }) {
  const { variant = 'ghost', size = 'normal', isBusy = false, disabledReason, icon, label, kbd, ...rest } = props;
  const { className, ...native } = rest;
  const hint = disabledReason ?? (kbd ? `${label} (${kbd})` : label);
  return (
    <Tooltip text={hint} isLabel={!disabledReason}>
      <button
        type="button"
        {...native}
        {...blockWhen(isBusy || Boolean(disabledReason), native.onClick)}
        aria-label={label}
        aria-busy={isBusy || undefined}
        className={joinClasses(buttonClasses(variant, size, true), className)}
      >
        <BusyIcon icon={icon} isBusy={isBusy} />
      </button>
    </Tooltip>
  );
}

/** A link that looks like a button: it goes somewhere, it does nothing. */
export function ButtonLink(props: Look & { href: string; icon?: LucideIcon; children: ReactNode; className?: string }) {
  const { variant = 'secondary', size = 'normal', href, icon: Icon, children, className } = props;
  return (
    <Link href={href} className={joinClasses(buttonClasses(variant, size), className)}>
      {Icon ? <Icon size={16} aria-hidden /> : null}
      {children}
    </Link>
  );
}

/** Disabled is `aria-disabled`: what cannot be focused cannot say why. */
function blockWhen(isBlocked: boolean, onClick: Native['onClick']): Native {
  if (!isBlocked) return onClick ? { onClick } : {};
  return { 'aria-disabled': true, onClick: (event) => event.preventDefault() };
}

/** Also without a reason: where one comes or goes the button stays the same element and keeps the focus. */
function WithReason({ reason, children }: { reason: string | null | undefined; children: ReactNode }) {
  return <Tooltip text={reason ?? ''}>{children}</Tooltip>;
}

const SHOW_BUSY_AFTER_MS = 150;

function BusyIcon({ icon: Icon, isBusy }: { icon: LucideIcon | undefined; isBusy: boolean }) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!isBusy) {
      setShown(false);
      return undefined;
    }
    const timer = setTimeout(() => setShown(true), SHOW_BUSY_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isBusy]);
  if (isShown) return <LoaderCircle size={16} aria-hidden className="spinner" />;
  return Icon ? <Icon size={16} aria-hidden /> : null;
}
