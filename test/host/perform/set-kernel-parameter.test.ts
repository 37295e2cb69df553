import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationTarget } from '../../../src/operations/operation.ts';
import { type Driver, openDriver } from '../../support/driver.ts';
import { type Namespace, openNamespace } from '../../support/namespace.ts';

/** One that each network namespace has for itself (kernel, networking/ip-sysctl): nothing of this machine is changed. */
const NAME = 'net.ipv4.ping_group_range';
const PATH = '/proc/sys/net/ipv4/ping_group_range';

let namespace: Namespace;
let host: Driver;
beforeAll(async () => {
  namespace = await openNamespace();
  host = openDriver(namespace);
});
afterAll(async () => {
  await host?.kill();
  await namespace?.end();
});
const read = () => namespace.run(['cat', PATH]);
const set = (from: string, to: string, name = NAME): OperationTarget => ({
  ...{ kind: 'set-kernel-parameter', name, from, to },
});

test('a parameter is set, judged, and set back to what it was, blanks and tabs alike', async () => {
  namespace.shell(`echo '1 0' >${PATH}`);
  const operation = set('1 0', '0 100');
  const receipt = await host.ready(operation);
  expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  expect(await host.perform(operation, receipt)).toMatchObject({ status: 'done' });
  expect(read().trim().split(/\s+/)).toEqual(['0', '100']);
  expect(await host.verify(operation, receipt)).toMatchObject({ status: 'holds' });
  expect(await host.undo(operation, receipt)).toMatchObject({ status: 'done' });
  expect(read().trim().split(/\s+/)).toEqual(['1', '0']);
});

test('what somebody else has set since is left by undo', async () => {
  const operation = set('1 0', '0 100');
  const receipt = await host.ready(operation);
  await host.perform(operation, receipt);
  namespace.shell(`echo '5 6' >${PATH}`);
  const undone = await host.undo(operation, receipt);
  expect(undone).toMatchObject({ status: 'failed' });
  expect(undone.message).toContain('5 6');
  expect(read().trim().split(/\s+/)).toEqual(['5', '6']);
});

test('what the kernel does not take is a failure that says so', async () => {
  const operation = set('5 6', 'no such value');
  expect(await host.perform(operation, await host.ready(operation))).toMatchObject({ status: 'failed' });
});

test.each([
  '../../../etc/passwd',
  'vm',
  'kernel..ostype',
  'vm.nr_hugepages\n',
  '/proc/sys/vm/swappiness',
  'a.b/../c',
  'net...x',
])('%j is no name', async (name) => {
  expect(await host.prepare(set('1', '2', name))).toMatchObject({ refusal: { code: 'invalid' } });
});

test('values are one line of text', async () => {
  for (const to of ['', ' ', '1\n2'])
    expect(await host.prepare(set('5 6', to))).toMatchObject({ refusal: { code: 'invalid' } });
});
