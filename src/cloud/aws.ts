import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import type { CloudRequest, CloudValue } from '../operations/cloud.ts';
import { again, type Patience } from './again.ts';
import { readAwsMachine } from './aws-machine.ts';
import { callAwsRest, isRestService } from './aws-rest.ts';
import { cloudError } from './cloud-error.ts';
import { CloudError, type CloudProvider } from './provider.ts';

/** A call is given up after this long; the SDK tries throttled and broken-off ones again, waiting longer each time. */
const READ_MS = 20_000;
const TIMES = { connectionTimeout: 5000, throwOnRequestTimeout: true } as const;
const MOST_ATTEMPTS = 4;

export interface AwsOptions extends Pick<Patience, 'firstPauseMs'> {
  /** How long an answer is waited for. */
  readonly readMs?: number;
}

/** What a client of the SDK is here: something that is sent commands. */
interface Sender {
  send(command: never, options: { readonly abortSignal?: AbortSignal | undefined }): Promise<unknown>;
}

/**
 * Amazon Web Services, with the credentials that the responder's own command line tools use (the SDK's default chain:
 * variables, profiles, single sign-on). AWS_ENDPOINT_URL is followed, as the SDK does.
 */
export function awsProvider({ firstPauseMs, readMs = READ_MS }: AwsOptions = {}): CloudProvider {
  const clients = new Map<string, Sender>();
  const clientOf = (service: keyof typeof COMMANDS, region: string): Sender => {
    const key = `${service} ${region}`;
    const requestHandler = { ...TIMES, requestTimeout: readMs };
    const settings = { region, maxAttempts: MOST_ATTEMPTS, requestHandler };
    const client =
      clients.get(key) ?? (service === 'ec2' ? new ec2.EC2Client(settings) : new iam.IAMClient(settings));
    clients.set(key, client as Sender);
    return client as Sender;
  };
  const call = async (request: CloudRequest, signal?: AbortSignal): Promise<CloudValue> => {
    const { service, action, region, parameters } = request;
    if (isRestService(service))
      return again(request, () => callAwsRest({ ...request, service }, credentials, { readMs, signal }), {
        signal,
        firstPauseMs,
      });
    if (service !== 'ec2' && service !== 'iam') throw new Error(`AWS has no ${service} here`);
    try {
      const Command = commandOf(COMMANDS[service], action);
      const command = new Command(parameters as never) as never;
      const answer = await clientOf(service, region).send(command, { abortSignal: signal });
      // Dates become text: what is kept of an answer stands in the journal.
      return JSON.parse(JSON.stringify(answer)) as CloudValue;
    } catch (error) {
      throw cloudError(error, request);
    }
  };
  const ownKeyId = async () => (await credentials()).accessKeyId;
  return { call, machine: (question) => readAwsMachine(question, call, ownKeyId) };
}

/** Those that the SDK finds by its default chain. */
async function credentials() {
  return new ec2.EC2Client({ region: 'us-east-1' }).config.credentials();
}

/** Named one by one: what is not here cannot be called, and the bundle holds no other. */
const COMMANDS = {
  ec2: {
    DescribeInstances: ec2.DescribeInstancesCommand,
    DescribeNetworkInterfaces: ec2.DescribeNetworkInterfacesCommand,
    DescribeSecurityGroups: ec2.DescribeSecurityGroupsCommand,
    DescribeSnapshots: ec2.DescribeSnapshotsCommand,
    CreateSnapshots: ec2.CreateSnapshotsCommand,
    DeleteSnapshot: ec2.DeleteSnapshotCommand,
    CreateSecurityGroup: ec2.CreateSecurityGroupCommand,
    DeleteSecurityGroup: ec2.DeleteSecurityGroupCommand,
    RevokeSecurityGroupEgress: ec2.RevokeSecurityGroupEgressCommand,
    AuthorizeSecurityGroupIngress: ec2.AuthorizeSecurityGroupIngressCommand,
    ModifyNetworkInterfaceAttribute: ec2.ModifyNetworkInterfaceAttributeCommand,
    CreateTags: ec2.CreateTagsCommand,
    DeleteTags: ec2.DeleteTagsCommand,
    CreateReplaceRootVolumeTask: ec2.CreateReplaceRootVolumeTaskCommand,
    DescribeReplaceRootVolumeTasks: ec2.DescribeReplaceRootVolumeTasksCommand,
  },
  iam: {
    GetInstanceProfile: iam.GetInstanceProfileCommand,
    GetRole: iam.GetRoleCommand,
    GetRolePolicy: iam.GetRolePolicyCommand,
    PutRolePolicy: iam.PutRolePolicyCommand,
    DeleteRolePolicy: iam.DeleteRolePolicyCommand,
    ListAccessKeys: iam.ListAccessKeysCommand,
    UpdateAccessKey: iam.UpdateAccessKeyCommand,
  },
} as const;

function commandOf(
  commands: Readonly<Record<string, new (input: never) => unknown>>,
  action: string,
): new (
  input: never,
) => unknown {
  const command = Object.hasOwn(commands, action) ? commands[action] : undefined;
  if (command === undefined)
    throw new CloudError('refused', 'unknown-action', `${action} is none of the calls that are made here.`);
  return command;
}
