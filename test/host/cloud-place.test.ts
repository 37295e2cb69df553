import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { cloudOfMachine, readCloudPlace } from '../../src/host/cloud-place.ts';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** A machine whose firmware says this. */
async function sysWith(files: Readonly<Record<string, string>>): Promise<string> {
  const sys = await mkdtemp(join(tmpdir(), 'sys-'));
  opened.push(() => rm(sys, { recursive: true }));
  await mkdir(join(sys, 'class/dmi/id'), { recursive: true });
  for (const [name, text] of Object.entries(files))
    await writeFile(join(sys, 'class/dmi/id', name), `${text}\n`);
  return sys;
}

/** A metadata service; null: there is nothing at that path. */
async function serve(answer: (request: IncomingMessage) => string | null | 'never'): Promise<string> {
  const server: Server = createServer((request, response) => {
    const text = answer(request);
    if (text === 'never') return;
    if (text === null) response.writeHead(404).end('<html>not found</html>');
    else response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The tree that AWS and Alibaba Cloud serve: only with the token that was given before. */
function tree(prefix: string, leaves: Readonly<Record<string, string>>) {
  return ({ method, url = '', headers }: IncomingMessage): string | null => {
    if (url === '/latest/api/token')
      return method === 'PUT' && headers[`${prefix}-ttl-seconds`] ? 'the-token' : null;
    if (headers[prefix] !== 'the-token') return null;
    return leaves[url.replace('/latest/meta-data/', '')] ?? null;
  };
}

it('an AWS instance says which it is, by version 2 of the service only', async () => {
  const origin = await serve(
    tree('x-aws-ec2-metadata-token', {
      'instance-id': 'i-0abc',
      'placement/region': 'eu-central-1',
      'placement/availability-zone': 'eu-central-1a',
      'network/interfaces/macs/': '02:aa/\n02:bb/',
      'network/interfaces/macs/02:aa/interface-id': 'eni-1',
      'network/interfaces/macs/02:aa/security-group-ids': 'sg-1\nsg-2',
      'network/interfaces/macs/02:bb/interface-id': 'eni-2',
      'network/interfaces/macs/02:bb/security-group-ids': 'sg-2',
      'iam/security-credentials/': 'web-role',
      'iam/security-credentials/web-role': 'must never be asked for',
    }),
  );
  expect(await readCloudPlace({ sys: await sysWith({ sys_vendor: 'Amazon EC2' }), origin })).toEqual({
    ...{ provider: 'aws', instance: 'i-0abc', region: 'eu-central-1', zone: 'eu-central-1a' },
    ...{ group: null, name: null, role: 'web-role', disks: [] },
    ...{ interfaces: ['eni-1', 'eni-2'], securityGroups: ['sg-1', 'sg-2'] },
  });
});

it('a server of Alibaba Cloud says its disks as well', async () => {
  const origin = await serve(
    tree('x-aliyun-ecs-metadata-token', {
      'instance-id': 'i-bp1',
      'region-id': 'cn-hangzhou',
      'zone-id': 'cn-hangzhou-b',
      'network/interfaces/macs/': '00:16:3e:00:00:01/',
      'network/interfaces/macs/00:16:3e:00:00:01/network-interface-id': 'eni-bp1',
      'disks/': 'bp1serial/',
      'disks/bp1serial/id': 'd-bp1',
    }),
  );
  expect(await readCloudPlace({ sys: await sysWith({ sys_vendor: 'Alibaba Cloud' }), origin })).toMatchObject(
    {
      ...{ provider: 'alibaba', instance: 'i-bp1', region: 'cn-hangzhou', zone: 'cn-hangzhou-b' },
      ...{ disks: ['d-bp1'], interfaces: ['eni-bp1'], role: null },
    },
  );
});

it('a machine of Google Cloud says its zone and project', async () => {
  const leaves: Readonly<Record<string, string>> = {
    'instance/id': '4520031799277581759',
    'instance/name': 'web-07',
    'instance/zone': 'projects/123/zones/europe-west1-b',
    'project/project-id': 'shop-prod',
    'instance/service-accounts/default/email': 'web@shop-prod.iam.gserviceaccount.com',
  };
  const origin = await serve(({ url = '', headers }) =>
    headers['metadata-flavor'] === 'Google'
      ? (leaves[url.replace('/computeMetadata/v1/', '')] ?? null)
      : null,
  );
  const sys = await sysWith({ product_name: 'Google Compute Engine' });
  expect(await readCloudPlace({ sys, origin })).toMatchObject({
    ...{
      provider: 'gcp',
      name: 'web-07',
      zone: 'europe-west1-b',
      region: 'europe-west1',
      group: 'shop-prod',
    },
  });
});

it('a machine of Azure says its resource group and disks', async () => {
  const said = {
    ...{ vmId: '02aab8a4', name: 'web-07', location: 'westeurope', zone: '1', resourceGroupName: 'shop' },
    storageProfile: { osDisk: { name: 'web-07-os' }, dataDisks: [{ name: 'web-07-data' }] },
  };
  const origin = await serve(({ headers }) => (headers.metadata === 'true' ? JSON.stringify(said) : null));
  const sys = await sysWith({ chassis_asset_tag: '7783-7084-3265-9085-8269-3286-77' });
  expect(await readCloudPlace({ sys, origin })).toMatchObject({
    ...{ provider: 'azure', instance: '02aab8a4', name: 'web-07', group: 'shop', region: 'westeurope' },
    disks: ['web-07-os', 'web-07-data'],
  });
});

it('a machine in no cloud is asked nothing', async () => {
  let asked = 0;
  const origin = await serve(() => {
    asked++;
    return null;
  });
  const sys = await sysWith({ sys_vendor: 'QEMU', product_name: 'Standard PC' });
  expect(await cloudOfMachine({ sys })).toBeNull();
  expect(await readCloudPlace({ sys, origin })).toBeNull();
  expect(asked).toBe(0);
});

it('a service that never answers, or answers with a page, holds nobody up and says nothing', async () => {
  const sys = await sysWith({ sys_vendor: 'Amazon EC2' });
  expect(await readCloudPlace({ sys, origin: await serve(() => 'never') })).toBeNull();
  expect(await readCloudPlace({ sys, origin: await serve(() => '<html>\u001b[2J</html>') })).toBeNull();
});
