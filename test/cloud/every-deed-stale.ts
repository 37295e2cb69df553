import { CLOUD_DEEDS, type CloudDeed } from '../../src/actions/cloud-deed.ts';
import { prepareCall } from '../../src/cloud/make-calls.ts';
import type { CloudProvider } from '../../src/cloud/provider.ts';
import { type Call, callsOf, type cloudDriver } from './cloud-driver.ts';

/** Of a cloud whose answer to what a plan was made against has changed: what came of preparing each call of each deed. */
export interface DeedStale {
  /** Refused as stale, before anything but looks was asked for. */
  readonly refused: readonly CloudDeed[];
  /** Those that change nothing that is there: they make something of their own, start something, or are a person's. */
  readonly addsOnly: readonly CloudDeed[];
}

type Driver = ReturnType<typeof cloudDriver>;

/** Plans every deed and prepares each of its calls against a cloud that has moved on; throws where one is not refused. */
export async function everyDeedStale(
  on: Driver,
  provider: CloudProvider,
  parameters: (deed: CloudDeed) => Readonly<Record<string, unknown>>,
): Promise<DeedStale> {
  // Isolating is planned where the quarantine group is.
  for (const call of callsOf(await on.plan(parameters('make-quarantine')))) await on.do(call);
  const refused: CloudDeed[] = [];
  const addsOnly: CloudDeed[] = [];
  for (const deed of CLOUD_DEEDS) {
    const bound = callsOf(await on.plan(parameters(deed))).filter(({ before }) => before.length > 0);
    for (const call of bound) {
      // As planned it is let through: what is refused below is the change alone.
      const now = await on.prepare(call);
      if (now.status === 'refused') throw new Error(`${call.title}: ${now.refusal.message}`);
      await mustRefuse(call, provider);
    }
    (bound.length > 0 ? refused : addsOnly).push(deed);
  }
  return { refused, addsOnly };
}

async function mustRefuse(call: Call, provider: CloudProvider): Promise<void> {
  const asked: string[] = [];
  const looks = new Set(call.before.map(({ request }) => request.action));
  const movedOn: CloudProvider = {
    ...provider,
    async call(request) {
      asked.push(request.action);
      return {};
    },
  };
  const prepared = await prepareCall(call, movedOn);
  const isStale = prepared.status === 'refused' && prepared.refusal.code === 'stale';
  if (!isStale || asked.some((action) => !looks.has(action)))
    throw new Error(`${call.title}: ${JSON.stringify(prepared)} after ${asked.join(', ')}`);
}
