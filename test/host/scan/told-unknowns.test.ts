import { expect, it } from 'vitest';
import { NO_PERMISSION, toldUnknowns } from '../../../src/host/scan/told-unknowns.ts';

it('tells the closed folder, once, and not each name that was tried in it', () => {
  const secret = (what: string) => ({ scope: 'secrets' as const, what, reason: NO_PERMISSION });
  const cut = { scope: 'cron' as const, what: '/root/x', reason: 'it is larger than 1 MiB' };
  const told = toldUnknowns([
    ...['/root/.ssh', '/root/.aws/credentials', '/rootless/a', '/etc/redis/redis.conf'].map(secret),
    { scope: 'impairment', what: '/root', reason: NO_PERMISSION },
    { scope: 'impairment', what: '/root', reason: NO_PERMISSION },
    cut,
  ]);
  expect(told).toEqual([
    ...['/root', '/rootless/a', '/etc/redis/redis.conf'].map(secret),
    { scope: 'impairment', what: '/root', reason: NO_PERMISSION },
    cut,
  ]);
});

it('does not say twice what it is about', () => {
  const reason = '/etc/sudoers could not be looked at: no permission to read it.';
  expect(toldUnknowns([{ scope: 'sudo', what: '/etc/sudoers', reason }])).toEqual([
    { scope: 'sudo', what: '/etc/sudoers', reason: NO_PERMISSION },
  ]);
});
