import { readFile } from 'node:fs/promises';
import type { CloudName, CloudPlace } from '../operations/cloud.ts';

export interface PlaceOptions {
  /** Where /sys is: for tests. */
  readonly sys?: string;
  /** Instead of the provider's own link-local address, `http://127.0.0.1:PORT`: for tests. */
  readonly origin?: string;
}

/** All questions together; absence is ordinary, and nobody waits for it. */
const MOST_MS = 1500;
/** No id is longer; an answer of another kind is none. */
const PLAIN = /^[\w.:/@ -]{1,200}$/;

/** In which cloud the machine is, by what its firmware says (no packet is sent); null: in none that is known. */
export async function cloudOfMachine({ sys = '/sys' }: PlaceOptions = {}): Promise<CloudName | null> {
  const read = async (name: string) =>
    (await readFile(`${sys}/class/dmi/id/${name}`, 'utf8').catch(() => '')).trim();
  const [vendor, product, asset] = await Promise.all(
    ['sys_vendor', 'product_name', 'chassis_asset_tag'].map(read),
  );
  // The same signs that cloud-init's ds-identify goes by.
  if (vendor === 'Alibaba Cloud' || product === 'Alibaba Cloud ECS') return 'alibaba';
  if (vendor === 'Amazon EC2') return 'aws';
  if (product === 'Google Compute Engine') return 'gcp';
  if (asset === '7783-7084-3265-9085-8269-3286-77') return 'azure';
  return null;
}

/** What the metadata service says of the machine; null where there is none, or it says nothing. Reads only. */
export async function readCloudPlace(options: PlaceOptions = {}): Promise<CloudPlace | null> {
  const provider = await cloudOfMachine(options);
  if (provider === null) return null;
  const { origin, ask } = SERVICES[provider];
  const signal = AbortSignal.timeout(MOST_MS);
  const get: Get = async (path, headers = {}, method = 'GET') => {
    try {
      const response = await fetch(`${options.origin ?? origin}${path}`, {
        ...{ method, headers, signal, redirect: 'error' },
      });
      return response.ok ? (await response.text()).slice(0, 64 * 1024) : '';
    } catch {
      return '';
    }
  };
  const place = { ...EMPTY, provider, ...(await ask(get)) };
  return place.instance === '' ? null : place;
}

type Get = (path: string, headers?: Record<string, string>, method?: string) => Promise<string>;

const EMPTY: Omit<CloudPlace, 'provider'> = {
  ...{ instance: '', region: '', zone: '', group: null, name: null, role: null },
  ...{ disks: [], interfaces: [], securityGroups: [] },
};

const SERVICES: Readonly<
  Record<CloudName, { readonly origin: string; readonly ask: (get: Get) => Promise<Partial<CloudPlace>> }>
> = {
  // https://www.alibabacloud.com/help/en/ecs/user-guide/instance-metadata-items
  alibaba: { origin: 'http://100.100.100.200', ask: (get) => askTree(get, ALIBABA) },
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
  aws: { origin: 'http://169.254.169.254', ask: (get) => askTree(get, AWS) },
  // https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys
  gcp: { origin: 'http://169.254.169.254', ask: askGoogle },
  // https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service
  azure: { origin: 'http://169.254.169.254', ask: askAzure },
};

/** AWS and Alibaba Cloud serve the same tree, behind a token of their own. */
interface Tree {
  readonly header: string;
  readonly region: string;
  readonly zone: string;
  readonly interfaceId: string;
  readonly role: string;
}

const AWS: Tree = {
  header: 'x-aws-ec2-metadata-token',
  region: 'placement/region',
  zone: 'placement/availability-zone',
  interfaceId: 'interface-id',
  role: 'iam/security-credentials/',
};
const ALIBABA: Tree = {
  header: 'x-aliyun-ecs-metadata-token',
  region: 'region-id',
  zone: 'zone-id',
  interfaceId: 'network-interface-id',
  role: 'ram/security-credentials/',
};

async function askTree(get: Get, tree: Tree): Promise<Partial<CloudPlace>> {
  const token = await get('/latest/api/token', { [`${tree.header}-ttl-seconds`]: '60' }, 'PUT');
  const headers: Record<string, string> = token === '' ? {} : { [tree.header]: token.trim() };
  const ask = (path: string) => get(`/latest/meta-data/${path}`, headers);
  const list = async (path: string) => plainLines(await ask(path)).map((line) => line.replace(/\/$/, ''));
  const [instance, region, zone, macs, disks, role] = await Promise.all([
    ...['instance-id', tree.region, tree.zone].map(async (path) => plainLines(await ask(path))[0] ?? ''),
    list('network/interfaces/macs/'),
    // Alibaba Cloud lists its disks by serial number; AWS names no volume here.
    list('disks/'),
    // The names of roles; what lies below a name are credentials, which are not asked for.
    list(tree.role),
  ] as const);
  const face = (mac: string, item: string) => list(`network/interfaces/macs/${mac}/${item}`);
  const [interfaces, groups, ids] = await Promise.all([
    Promise.all((macs as string[]).map((mac) => face(mac, tree.interfaceId))),
    Promise.all((macs as string[]).map((mac) => face(mac, 'security-group-ids'))),
    Promise.all((disks as string[]).map((serial) => list(`disks/${serial}/id`))),
  ]);
  return {
    ...{ instance: String(instance), region: String(region), zone: String(zone) },
    interfaces: interfaces.flat(),
    securityGroups: [...new Set(groups.flat())],
    disks: ids.flat(),
    role: (role as string[])[0] ?? null,
  };
}

async function askGoogle(get: Get): Promise<Partial<CloudPlace>> {
  const ask = async (path: string) =>
    plainLines(await get(`/computeMetadata/v1/${path}`, { 'metadata-flavor': 'Google' }))[0] ?? '';
  const [instance = '', name = '', zonePath = '', group = '', role = ''] = await Promise.all(
    [
      'instance/id',
      'instance/name',
      'instance/zone',
      'project/project-id',
      'instance/service-accounts/default/email',
    ].map(ask),
  );
  // `projects/NUMBER/zones/europe-west1-b`
  const zone = zonePath.split('/').at(-1) ?? '';
  const region = zone.replace(/-[a-z]$/, '');
  return { instance, name: name || null, zone, region, group: group || null, role: role || null };
}

async function askAzure(get: Get): Promise<Partial<CloudPlace>> {
  const text = await get('/metadata/instance/compute?api-version=2021-02-01', { metadata: 'true' });
  let said: Record<string, unknown>;
  try {
    said = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
  const member = (name: string) => plainLines(String(said[name] ?? ''))[0] ?? '';
  const storage = said.storageProfile as
    | { osDisk?: { name?: unknown }; dataDisks?: { name?: unknown }[] }
    | undefined;
  const disks = [storage?.osDisk?.name, ...(storage?.dataDisks ?? []).map(({ name }) => name)];
  return {
    ...{ instance: member('vmId'), region: member('location'), zone: member('zone') },
    name: member('name') || null,
    group: member('resourceGroupName') || null,
    disks: disks.flatMap((name) => plainLines(String(name ?? ''))),
  };
}

function plainLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => PLAIN.test(line))
    .slice(0, 64);
}
