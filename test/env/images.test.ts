import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { describeWith } from './describe-with.ts';
import { busyboxImage, shellsImage } from './image-names.ts';
import { makeImages } from './images.ts';

function runInImage(image: string, ...command: string[]): string {
  return execFileSync('docker', ['run', '--rm', '--network', 'none', image, ...command], { encoding: 'utf8' });
}

describeWith(['docker'], 'the test images', () => {
  test('busybox runs its applets by name', () => {
    expect(runInImage(busyboxImage, 'sh', '-c', 'printf "%s" one | tr a-z A-Z | awk \'{ print $1 }\'')).toBe('ONE\n');
  });

  test.each(['dash', 'bash', 'busybox'])('the shells image has %s', (shell) => {
    const command = shell === 'busybox' ? ['busybox', 'sh'] : [shell];
    const script = 'printf "%s" "$1" | sha256sum | cut -c1-8; sleep 0; id -u builder';
    expect(runInImage(shellsImage, ...command, '-c', script, 'x', 'abc')).toBe('ba7816bf\n1000\n');
  });

  test('making them again changes nothing', async () => {
    const lines: string[] = [];
    await makeImages(undefined, (line) => lines.push(line));
    expect(lines).toEqual([]);
  });
});
