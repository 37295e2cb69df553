import { basename, isInterpreter } from './command-reading.ts';
import type { Finding } from './finding.ts';
import { isVouchedFor } from './known-bad.ts';
import type { ObservedFile, ObservedProcess } from './observation.ts';
import { SHELLS } from './ordinary.ts';
import type { ProcessTrace } from './process-traces.ts';
import type { Signal } from './weigh.ts';

/**
 * A real message of the protocol, with its values, is decisive. An address or a wallet may lie in the memory of whoever
 * reads about it (an agent, a log shipper, a multiplexer that shows it): it adds, and is never one of two that condemn.
 */
const WEIGHTS: Readonly<Record<ProcessTrace['kind'], { readonly weight: number; readonly topic: string }>> = {
  'stratum-message': { weight: 90, topic: 'stratum' },
  'stratum-url': { weight: 30, topic: 'stratum' },
  wallet: { weight: 30, topic: 'wallet' },
  'pool-name': { weight: 25, topic: 'pool-name' },
  'miner-config': { weight: 90, topic: 'config' },
  'miner-config-near': { weight: 45, topic: 'config' },
};

/** Virus scanners and log tools of a package hold such text by trade. */
const WEIGHT_IF_VOUCHED = 15;

/** What was found in a suspect's memory and beside its program. */
export function traceSignals(seen: ObservedProcess, exe: ObservedFile | undefined): Signal[] {
  const isByTrade = isVouchedFor(exe) && !seen.isDeleted && !isInterpreter(exe?.path ?? '');
  return (seen.traces ?? []).map(({ kind, text }) => {
    const { weight, topic } = WEIGHTS[kind];
    return { topic, code: kind, text, weight: isByTrade ? Math.min(weight, WEIGHT_IF_VOUCHED) : weight };
  });
}

/** Runtimes, and what asks them by trade. */
const RUNTIMES =
  /^(dockerd?|docker-(proxy|compose|buildx)|containerd(-shim.*)?|ctr|nerdctl|crictl|crio|podman|conmon|buildkitd|kubelet|k3s(-server|-agent)?|systemd|cadvisor)$/;

/** Weak: monitors and proxies do so too, mostly in a container of their own. */
export function runtimeSignals(seen: ObservedProcess, exe: ObservedFile | undefined): Signal[] {
  const { runtimeSocket, process } = seen;
  if (runtimeSocket === undefined || RUNTIMES.test(process.name)) return [];
  const isOrdinary = !seen.sharesOurFiles || (isVouchedFor(exe) && !seen.isDeleted);
  const text = `It is connected to ${runtimeSocket}: whoever is can start anything as root`;
  return [{ topic: 'runtime', code: 'runtime-socket', text, weight: isOrdinary ? 5 : 20 }];
}

/**
 * Processes worth reading the memory of: something speaks against them already. Not the responder's own, and no
 * shell, whose memory holds what its user typed, such as the name of a pool looked for.
 */
export function suspectsOf(findings: readonly Finding[]): number[] {
  // Those that are not decided yet first: for them it makes the difference.
  const undecidedFirst = findings.toSorted(
    (a, b) => Number(a.verdict === 'malicious') - Number(b.verdict === 'malicious'),
  );
  return undecidedFirst.flatMap(({ subject, reasons }) => {
    if (subject.kind !== 'process' || reasons.some(({ code }) => code === 'responder')) return [];
    if (SHELLS.has(basename(subject.process.exePath ?? ''))) return [];
    return reasons.some(({ weight }) => weight >= 10) ? [subject.process.pid] : [];
  });
}
