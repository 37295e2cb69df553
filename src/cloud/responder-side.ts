/**
 * What happens where the responder is, in front of the host. Rules of this boundary:
 *  - an operation of the responder's side never goes to the host, and neither does any credential;
 *  - credentials come from the responder's own surroundings, through the provider's own library, and go nowhere else:
 *    not into a plan, a receipt, the journal or an error;
 *  - in a drill nothing is called: a practice must not touch an account.
 */
import type { Host } from '../host/host.ts';
import { failed, refused, verified } from '../host/perform/outcome.ts';
import type { CalledCloud, CloudFacts, CloudQuestion } from '../operations/cloud.ts';
import type { Operation, OperationOf } from '../operations/operation.ts';
import { cloudError } from './cloud-error.ts';
import { performCall, prepareCall, undoCall, verifyCall } from './make-calls.ts';
import { CloudError, type CloudProvider } from './provider.ts';
import { whyNotLoggedIn } from './tool-login.ts';

export interface ResponderSideOptions {
  /** The responder's own machine is the host. */
  readonly isOnHost: boolean;
  readonly isDrill: boolean;
  /** The responder's machine, for commands of the playbook that belong there. */
  readonly own: () => Promise<Host>;
  readonly provider: (name: CalledCloud) => Promise<CloudProvider>;
}

const DRILL = 'This is a drill: nothing outside the sandbox is called or run.';

/** The host with the responder's side before it. */
export function withResponderSide(host: Host, options: ResponderSideOptions): Host {
  let own: Promise<Host> | null = null;
  /** Who deals with a command: the host itself, or the responder's own machine. */
  const handFor = async (operation: Operation): Promise<Host> => {
    if (!isOnResponder(operation) || options.isOnHost) return host;
    own ??= options.own();
    return own;
  };
  return {
    ...host,
    async prepare(operation, context) {
      if (options.isDrill && isOnResponder(operation)) return refused('unavailable', DRILL);
      if (!isCall(operation)) return (await handFor(operation)).prepare(operation, context);
      return prepareCall(operation, await options.provider(operation.provider));
    },
    async perform(operation, receipt, context) {
      if (options.isDrill && isOnResponder(operation)) return failed(receipt, DRILL);
      if (!isCall(operation)) return (await handFor(operation)).perform(operation, receipt, context);
      return performCall(operation, receipt, await options.provider(operation.provider), context);
    },
    async verify(operation, receipt, secrets) {
      if (options.isDrill && isOnResponder(operation)) return verified('unknown', DRILL);
      if (!isCall(operation)) return (await handFor(operation)).verify(operation, receipt, secrets);
      return verifyCall(operation, receipt, await options.provider(operation.provider));
    },
    async undo(operation, receipt, context) {
      if (options.isDrill && isOnResponder(operation)) return failed(receipt, DRILL);
      if (!isCall(operation)) return (await handFor(operation)).undo(operation, receipt, context);
      return undoCall(operation, receipt, await options.provider(operation.provider), context);
    },
    responderSide: {
      isOnHost: options.isOnHost,
      cloud: (question) => askCloud(question, options),
      tool: async (name) => (options.isDrill ? DRILL : whyNotLoggedIn(name)),
    },
    async close() {
      await host.close();
      if (own !== null) await (await own).close();
    },
  };
}

async function askCloud(question: CloudQuestion, options: ResponderSideOptions): Promise<CloudFacts> {
  const { provider, instance, region, label } = question;
  const { isOnHost } = options;
  const known = { provider, instance, region, label, isOnHost, at: new Date().toISOString() };
  if (options.isDrill) return { ...known, unavailable: DRILL, machine: null };
  if (instance === '' || region === '') {
    const missing = instance === '' ? 'which instance this host is' : 'its region';
    const unavailable = `It is not known ${missing}: the metadata service did not say, and the playbook’s inputs do not.`;
    return { ...known, unavailable, machine: null };
  }
  try {
    const machine = await (await options.provider(provider)).machine(question);
    return { ...known, unavailable: null, machine };
  } catch (error) {
    const asked = { service: provider === 'aws' ? 'ec2' : 'ecs', action: 'DescribeInstances' } as const;
    const failure =
      error instanceof CloudError ? error : cloudError(error, { ...asked, region, parameters: {} });
    return { ...known, unavailable: failure.message, machine: null };
  }
}

function isCall(operation: Operation): operation is OperationOf<'cloud-call'> {
  return operation.kind === 'cloud-call';
}

function isOnResponder(operation: Operation): boolean {
  return isCall(operation) || (operation.kind === 'run-command' && operation.on === 'responder');
}
