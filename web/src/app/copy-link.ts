import { copyAndSay } from '../ui/copy-and-say.ts';
import { linkToShown } from './page.ts';

/** The address of what is shown, for others. */
export function copyLink(): void {
  copyLinkTo(linkToShown());
}

export function copyLinkTo(address: string): void {
  copyAndSay(address, 'Link copied');
}
