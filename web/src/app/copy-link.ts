import { copyAndSay } from '../ui/copy-and-say.ts';

/** The address of what is shown, for others. */
export function copyLink(): void {
  copyLinkTo(location.href);
}

export function copyLinkTo(address: string): void {
  copyAndSay(address, 'Link copied');
}
