import { setTimeout as wait } from 'node:timers/promises';
import type { ChangeReport, ChangeSign } from '../../findings/change-sign.ts';
import { firewallOf } from '../firewall/choose.ts';
import type { ChangeRequest, HostFacts } from '../host.ts';
import { readSockets } from '../scan/proc-net.ts';
import { FolderNotices } from './folder-notices.ts';
import { NewProcesses } from './new-processes.ts';
import { watchedFolders } from './watched-folders.ts';

/** Tools are started for it, so it is asked for more seldom than what is only read. */
const COUNTERS_EVERY_MS = 60_000;
const MOST_SIGNS = 300;

/**
 * Waits cheaply until something has changed that is worth a look. It keeps what it saw from call to call; the first call takes
 * what is there as what was there before. Reads only.
 */
export class Changes {
  readonly #folders = new FolderNotices(watchedFolders());
  readonly #processes = new NewProcesses();
  #ports: ReadonlySet<number> | null = null;
  #dropped: ReadonlyMap<string, number> | null = null;
  #countedMs = Number.NEGATIVE_INFINITY;

  async next(request: ChangeRequest, facts: HostFacts, signal?: AbortSignal): Promise<ChangeReport> {
    const endsMs = performance.now() + request.waitMs;
    const before = process.cpuUsage();
    for (;;) {
      const signs = await this.#turn(facts);
      const left = endsMs - performance.now();
      if (signs.length > 0 || left <= 0 || signal?.aborted) return this.#report(signs, before);
      const pause = Math.min(left, Math.max(100, request.everyMs));
      await wait(pause, undefined, signal ? { signal } : {}).catch(() => undefined);
    }
  }

  close(): void {
    this.#folders.close();
  }

  async #turn(facts: HostFacts): Promise<ChangeSign[]> {
    const signs: ChangeSign[] = [...this.#folders.take(), ...this.#processes.take(), ...this.#listeners()];
    const { firewall } = facts;
    const isOurs = firewall === 'nft' || firewall === 'iptables';
    if (isOurs && performance.now() - this.#countedMs >= COUNTERS_EVERY_MS) {
      this.#countedMs = performance.now();
      signs.push(...(await this.#counters(firewall)));
    }
    return signs.slice(0, MOST_SIGNS);
  }

  #listeners(): ChangeSign[] {
    const now = new Set<number>();
    for (const table of ['tcp', 'tcp6']) {
      try {
        for (const { state, localPort } of readSockets(`/proc/net/${table}`))
          if (state === 'listening') now.add(localPort);
      } catch {
        // No IPv6 on this host.
      }
    }
    const known = this.#ports;
    this.#ports = now;
    return known === null
      ? []
      : [...now].filter((port) => !known.has(port)).map((port) => ({ kind: 'listener', port }));
  }

  /** Only what goes out: what comes in from there is others' doing. */
  async #counters(firewall: 'nft' | 'iptables'): Promise<ChangeSign[]> {
    const now = await firewallOf(firewall)
      .droppedTo()
      .catch(() => null);
    const known = this.#dropped;
    if (now === null) return [];
    this.#dropped = now;
    if (known === null) return [];
    return [...now].flatMap(([address, packets]): ChangeSign[] => {
      const more = packets - (known.get(address) ?? 0);
      return more > 0 ? [{ kind: 'dropped', address, packets: more }] : [];
    });
  }

  #report(signs: readonly ChangeSign[], before: NodeJS.CpuUsage): ChangeReport {
    const { user, system } = process.cpuUsage(before);
    const { noticed, polled } = this.#folders;
    return { signs, cpuMs: (user + system) / 1000, noticed, polled };
  }
}
