import type { PlanFacts } from '../../src/actions/action.ts';
import type { HostFacts } from '../../src/host/host.ts';

/** What an action may depend on, of an incident in which nothing has happened yet. */
export function planFacts(host: Partial<HostFacts> = {}): PlanFacts {
  return {
    isRoot: host.isRoot ?? true,
    isDrill: host.isDrill ?? false,
    hostname: host.hostname ?? 'host',
    responderAddress: null,
    responderAccount: 'root',
    packageManager: host.packageManager ?? 'apt',
    firewall: host.firewall ?? 'nft',
    isIsolated: false,
    volumes: host.volumes ?? [],
    stepsBefore: [],
    signs: {
      ...{
        rootTouched: [],
        preload: [],
        kernel: [],
        pam: [],
        tools: [],
        left: [],
        unjudged: [],
        unknowns: [],
      },
      ...{ badPaths: [], secrets: 0, secretsOpen: [], wasRoot: true, firstSignAt: null },
      ...{ openedAt: '2026-11-23T04:12:00.000Z', watchedMs: 0, cameBack: 0 },
    },
  };
}
