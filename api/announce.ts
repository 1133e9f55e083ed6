import type { ApiContext } from './context.ts';
import type { OpenPort } from './port/keeper.ts';
import { createSetupLink } from './sign-in/one-time-link.ts';

/**
 * What a process with a port of its own says to whoever reads its output: where it is, and while nobody has an account
 * the link that makes the owner's. With the embedded engine the command that holds the port says it.
 */
export async function announce(context: ApiContext, open: OpenPort): Promise<void> {
  process.stdout.write(`BuildIt serves ${open.publicUrl}\n`);
  const link = await createSetupLink(context);
  if (link) process.stdout.write(`First visit, makes the owner's account: ${open.publicUrl}${link.path}\n`);
}
