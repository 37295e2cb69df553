import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import type { CloudRequest, CloudValue } from '../operations/cloud.ts';
import { readAwsMachine } from './aws-machine.ts';
import { cloudError } from './cloud-error.ts';
import { CloudError, type CloudProvider } from './provider.ts';

/** A call is given up after this long; the SDK tries throttled and broken-off ones again, waiting longer each time. */
const TIMES = { connectionTimeout: 5000, requestTimeout: 20_000, throwOnRequestTimeout: true } as const;
const MOST_ATTEMPTS = 4;

type Calling = (request: CloudRequest, signal?: AbortSignal) => Promise<unknown>;

/**
 * Amazon Web Services, with the credentials that the responder's own command line tools use (the SDK's default chain:
 * variables, profiles, single sign-on). AWS_ENDPOINT_URL is followed, as the SDK does.
 */
export function awsProvider(): CloudProvider {
  const clients = new Map<string, Calling>();
  const call = async (request: CloudRequest, signal?: AbortSignal): Promise<CloudValue> => {
    const { service, region } = request;
    if (service !== 'ec2' && service !== 'iam') throw new Error(`AWS has no ${service} here`);
    const key = `${service} ${region}`;
    const client = clients.get(key) ?? (service === 'ec2' ? ec2Client(region) : iamClient(region));
    clients.set(key, client);
    try {
      // Dates become text: what is kept of an answer stands in the journal.
      return JSON.parse(JSON.stringify(await client(request, signal))) as CloudValue;
    } catch (error) {
      throw cloudError(error, request);
    }
  };
  return { call, machine: (question) => readAwsMachine(question, call, ownKeyId) };
}

async function ownKeyId(): Promise<string> {
  return (await new ec2.EC2Client({ region: 'us-east-1' }).config.credentials()).accessKeyId;
}

function ec2Client(region: string) {
  const client = new ec2.EC2Client({ region, maxAttempts: MOST_ATTEMPTS, requestHandler: TIMES });
  // Named one by one: what is not here cannot be called, and the bundle holds no other.
  const commands = {
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
  };
  return async ({ action, parameters }: CloudRequest, abortSignal?: AbortSignal): Promise<unknown> => {
    const Command = commandOf(commands, action);
    return client.send(new Command(parameters as never) as never, { abortSignal });
  };
}

function iamClient(region: string) {
  const client = new iam.IAMClient({ region, maxAttempts: MOST_ATTEMPTS, requestHandler: TIMES });
  const commands = {
    GetInstanceProfile: iam.GetInstanceProfileCommand,
    GetRolePolicy: iam.GetRolePolicyCommand,
    PutRolePolicy: iam.PutRolePolicyCommand,
    DeleteRolePolicy: iam.DeleteRolePolicyCommand,
    ListAccessKeys: iam.ListAccessKeysCommand,
    UpdateAccessKey: iam.UpdateAccessKeyCommand,
  };
  return async ({ action, parameters }: CloudRequest, abortSignal?: AbortSignal): Promise<unknown> => {
    const Command = commandOf(commands, action);
    return client.send(new Command(parameters as never) as never, { abortSignal });
  };
}

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
