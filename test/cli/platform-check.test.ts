import { describe, expect, it } from 'vitest';
import { fitOf } from '../../src/cli/home/home-playbooks.ts';
import { checkPlatform } from '../../src/cli/run/platform-check.ts';
import type { HostFacts } from '../../src/host/host.ts';

const on = (platform: HostFacts['platform']) => ({ facts: async () => ({ platform }) as HostFacts });
const SSH = { kind: 'command', argv: ['ssh', 'win', 'tourniquet', 'agent'] } as const;

describe('a playbook for another platform', () => {
  it('is not begun here, and says where it can be', async () => {
    await expect(
      checkPlatform(
        { name: 'cryptominer-windows', platform: 'windows' },
        on('linux'),
        { kind: 'local' },
        'linux',
      ),
    ).rejects.toMatchObject({
      code: 'wrong-platform',
      message: expect.stringContaining('is for Windows, and this host runs Linux'),
      hint: expect.stringContaining('--host "ssh win tourniquet agent"'),
    });
    await expect(
      checkPlatform({ name: 'cryptominer-linux', platform: 'linux' }, on('win32'), SSH, 'linux'),
    ).rejects.toMatchObject({ code: 'wrong-platform' });
  });

  it('is begun where it fits, here or there', async () => {
    await checkPlatform({ name: 'a', platform: 'linux' }, on('linux'), { kind: 'local' }, 'linux');
    await checkPlatform({ name: 'a', platform: 'windows' }, on('win32'), SSH, 'linux');
    await checkPlatform({ name: 'a', platform: 'any' }, on('win32'), SSH, 'linux');
  });

  it('is offered last at home', () => {
    expect(fitOf({ platform: 'windows' }, null, 'linux')).toBe(0);
    expect(fitOf({ platform: 'windows' }, null, 'win32')).toBeGreaterThan(
      fitOf({ platform: 'linux' }, null, 'win32'),
    );
  });
});
