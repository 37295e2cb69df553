import { expect, it } from 'vitest';
import { fitOf, homePlaybooks } from '../../src/cli/home/home-playbooks.ts';

it.each([
  ['aws', { platform: 'linux', provider: 'aws' }, 3],
  ['aws', { platform: 'linux' }, 2],
  ['aws', { platform: 'linux', provider: 'alibaba' }, 1],
  [null, { platform: 'linux' }, 2],
  [null, { platform: 'linux', provider: 'aws' }, 1],
  ['aws', { platform: 'windows', provider: 'aws' }, 0],
] as const)('on a machine in %s, %o fits by %i', (here, playbook, fit) => {
  expect(fitOf(playbook, here)).toBe(fit);
});

it('the first screen offers the one for this machine first, and the one for Windows last', async () => {
  const names = (await homePlaybooks()).map(({ name }) => name);
  expect(names).toContain('cryptominer-linux');
  expect(names.at(-1)).toBe('cryptominer-windows');
});
