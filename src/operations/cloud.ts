/**
 * What is said to a cloud's API, as data: a plan shows the very calls that are made, an adapter in cloud/ makes them, and
 * what comes back is judged by checks that are data too. Nothing here names a credential.
 */
export type CloudName = 'alibaba' | 'aws' | 'azure' | 'gcp';
/** Clouds whose API is spoken itself; the others by their command line tools. */
export type CalledCloud = 'alibaba' | 'aws';
/** Those tools. */
export type CloudTool = 'gcloud' | 'az';

/** Those of AWS, then those of Alibaba Cloud. */
export type CloudService = 'ec2' | 'iam' | 'guardduty' | 'dlm' | 'ecs' | 'sas' | 'ram' | 'cloudfw';

export type CloudValue =
  | string
  | number
  | boolean
  | null
  | readonly CloudValue[]
  | { readonly [name: string]: CloudValue };

/**
 * Parameters as the API names them. `{$result: 'GroupId'}` stands for that part of the answer of the first request of
 * the operation, `{$after: 'Snapshots[0].SnapshotId'}` for a part of what its `after` check sees. Only our own code makes
 * such objects: what comes from a host is always text.
 */
export interface CloudRequest {
  readonly service: CloudService;
  readonly action: string;
  readonly region: string;
  readonly parameters: { readonly [name: string]: CloudValue };
}

/** One request of several. What `until` asks for is waited for before the next; where it is so already nothing is asked. */
export interface CloudStage extends CloudRequest {
  readonly until?: CloudCheck;
}

/** The texts found at a path of the answer must be these, in any order, and no others; empty: there must be none. */
export interface CloudCheck {
  readonly request: CloudRequest;
  /** See valuesAt: `Reservations[].Instances[].InstanceId`. */
  readonly at: string;
  readonly is: readonly string[];
  /** Not yet, but on the way. */
  readonly pending?: readonly string[];
  /** Where a percentage stands, as `37%` or `37`. */
  readonly progress?: string;
}

/** What the metadata service says of the host on which it is asked. A host that lies can say anything. */
export interface CloudPlace {
  readonly provider: CloudName;
  readonly instance: string;
  readonly region: string;
  readonly zone: string;
  /** Google: the project; Azure: the resource group; null elsewhere. */
  readonly group: string | null;
  /** Google, Azure: the machine's name; null elsewhere. */
  readonly name: string | null;
  readonly disks: readonly string[];
  readonly interfaces: readonly string[];
  readonly securityGroups: readonly string[];
  /** The role whose credentials the host can fetch; null if none. */
  readonly role: string | null;
}

/** Which machine is meant, where the playbook says so; empty: what the host says of itself. */
export interface CloudQuestion {
  readonly provider: CalledCloud;
  readonly instance: string;
  readonly region: string;
  /** Access keys to look up, as `USER/KEYID`. */
  readonly keys: readonly string[];
  /** Named in whatever is made, so that it is found again: the incident's id. */
  readonly label: string;
  /** What else of it has to be read; each costs calls, and permissions that not everybody has. */
  readonly wants: readonly CloudWant[];
}

/** Alerts that are open; what a virus scan found; how the account's intrusion prevention is set. */
export type CloudWant = 'alerts' | 'infections' | 'intrusion-prevention';

/** What the cloud says of the machine, as the responder's side was told; or why it could not be asked. */
export interface CloudFacts {
  readonly provider: CalledCloud;
  readonly instance: string;
  readonly region: string;
  readonly label: string;
  /** When it was read: ISO 8601 UTC. */
  readonly at: string;
  /** The responder sits at the infected host itself. */
  readonly isOnHost: boolean;
  /** Why no call can be made, and what would change that; null: `machine` is known. */
  readonly unavailable: string | null;
  readonly machine: CloudMachine | null;
}

export interface CloudMachine {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly network: string;
  readonly disks: readonly CloudDisk[];
  readonly interfaces: readonly { readonly id: string; readonly groups: readonly string[] }[];
  /** All groups that it is in, and who else is in each. */
  readonly groups: readonly {
    readonly id: string;
    readonly name: string;
    readonly others: readonly string[];
  }[];
  /** Our quarantine group in its network, if it is there already. */
  readonly quarantine: string | null;
  /** AWS: our group that lets everything through, see cloud-names.ts; null if it is not there. */
  readonly shed: string | null;
  /** The role whose credentials it can fetch; null if none. */
  readonly role: string | null;
  readonly keys: readonly CloudKey[];
  /** Under which Security Center knows it; null if it does not. */
  readonly scannedAs: string | null;
  /** It is stopped by the cloud itself, for this reason. */
  readonly locks: readonly string[];
  readonly alerts: readonly CloudAlert[];
  /** What virus scans found on it and nobody has dealt with. */
  readonly infections?: readonly string[];
  /** How the account's intrusion prevention is set, by the names of its switches; left out where nobody asked. */
  readonly intrusionPrevention?: Readonly<Record<string, number>>;
  /** AWS: the number of the account that it belongs to. */
  readonly account?: string;
}

export interface CloudDisk {
  readonly id: string;
  readonly device: string;
  /** The one that it starts from. */
  readonly isSystem?: boolean;
  /** Takes snapshots of it by itself; left out where none does, or nobody looked. */
  readonly policy?: string;
}

export interface CloudKey {
  readonly user: string;
  readonly id: string;
  /** null: there is no such key. */
  readonly isActive: boolean | null;
  /** The responder's own calls are signed with it. */
  readonly isOwn: boolean;
}

export interface CloudAlert {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly isMining: boolean;
}

/**
 * Every text, number or truth at a path of an answer, as text; several paths stand with commas between. Pure.
 * A part is a name, `[0]`, `[]` for each, or `[Name=value]` for those of a list whose member is that.
 */
export function valuesAt(answer: CloudValue, paths: string): readonly string[] {
  return paths.split(',').flatMap((path) => {
    let found: readonly CloudValue[] = [answer];
    for (const [, name, index, key, value] of path.matchAll(PART))
      found = found.flatMap((one) => partOf(one, { name, index, key, value }));
    return found.filter((one) => one !== null && typeof one !== 'object').map(String);
  });
}

const PART = /([A-Za-z][\w-]*)|\[(?:(\d*)|(\w+)=([^\]]*))\]/g;

type Part = Readonly<Record<'name' | 'index' | 'key' | 'value', string | undefined>>;

function partOf(from: CloudValue, { name, index, key, value }: Part): readonly CloudValue[] {
  if (typeof from !== 'object' || from === null) return [];
  if (!Array.isArray(from)) {
    const part = name === undefined ? undefined : (from as Record<string, CloudValue>)[name];
    return part === undefined ? [] : [part];
  }
  const list: readonly CloudValue[] = from;
  if (key !== undefined) return list.filter((one) => partOf(one, { ...NO_PART, name: key })[0] === value);
  if (index === '') return list;
  const one = index === undefined ? undefined : list[Number(index)];
  return one === undefined ? [] : [one];
}

const NO_PART: Part = { name: undefined, index: undefined, key: undefined, value: undefined };

/** The permission that a call needs, as the provider's policies name it. */
export function permissionOf({ service, action }: CloudRequest): string {
  return `${POLICY_NAMES[service] ?? service}:${action}`;
}

const POLICY_NAMES: { readonly [S in CloudService]?: string } = {
  sas: 'yundun-sas',
  cloudfw: 'yundun-cloudfirewall',
};
