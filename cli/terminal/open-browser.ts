import { spawn } from 'node:child_process';

/** Opens an address with BROWSER, else with what the system has for it. False when nothing could be started. */
export async function openBrowser(
  address: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const command = environment['BROWSER'] || (process.platform === 'darwin' ? 'open' : 'xdg-open');
  const child = spawn(command, [address], { stdio: 'ignore', detached: true });
  const hasStarted = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
  });
  child.unref();
  return hasStarted;
}
