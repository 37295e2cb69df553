import { basename } from 'node:path';
import type { Operation, OperationKind } from '../operations/operation.ts';
import type { OperationOutcome, Receipt } from '../operations/receipt.ts';
import { Changes } from './changes/await-change.ts';
import { type FactsOptions, type LastingFacts, readLastingFacts, readPassingFacts } from './facts.ts';
import { incidentOf, isFolderOf, OtherIncident, whileFenced } from './fence.ts';
import type { Host, HostFacts, OperationContext } from './host.ts';
import { hostFolder } from './host-folder.ts';
import type { OperationPerformer, PerformContext } from './perform/performer.ts';
import { readersOf, reloadAfter } from './perform/reload.ts';
import { PRELOAD_FILE, withPreloadFile } from './preload-file.ts';
import type { ToldResponder } from './responder.ts';
import type { CpuMemory } from './scan/cpu-use.ts';
import { scanHost } from './scan/scan-host.ts';
import { askSilentAgain } from './silent-mounts.ts';
import { describeSystemError, isSystemError } from './system-error.ts';

export interface LocalHostOptions extends FactsOptions {
  /** Where quarantine and long commands of all incidents live; see host-folder.ts for the default. */
  readonly hostFolderRoot?: string;
  /** What is known of the responder that cannot be seen from this process. */
  readonly responder?: ToldResponder;
}

/** Operations that may bring or take away what the facts speak of (a firewall, a package manager's tools). */
const CHANGES_FACTS: ReadonlySet<OperationKind> = new Set(['run-command', 'upgrade-packages']);

/** They outlive whoever starts them: what must be fenced is their start, and they see to that themselves. */
const FENCED_AT_START: ReadonlySet<OperationKind> = new Set(['run-command', 'upgrade-packages']);

/** This machine, touched by this process with the rights that it has. */
export function createLocalHost(options: LocalHostOptions = {}): Host {
  let lasting: Promise<LastingFacts> | null = null;
  let changes: Changes | null = null;
  let latest: HostFacts | null = null;
  const cpuMemory: CpuMemory = { last: null };

  async function facts(): Promise<HostFacts> {
    lasting ??= readLastingFacts(options);
    // Who the responder is, by which processes and connection, is asked anew each time: it is what protects them.
    const [known, passing] = await Promise.all([lasting, readPassingFacts(options.responder ?? {})]);
    latest = { ...known, ...passing };
    return latest;
  }

  /** Those read last: what is asked every few seconds for days must not ask who the responder is each time. */
  async function knownFacts(): Promise<HostFacts> {
    return latest ?? (await facts());
  }

  /** That of its id; where another incident of the same id was first, one beside it. */
  async function folderFor(incidentId: string, fence: string): Promise<string> {
    const folder = await hostFolder(incidentId, options.hostFolderRoot);
    if (isFolderOf(folder, fence)) return folder;
    return hostFolder(`${incidentId}.${incidentOf(fence)}`, options.hostFolderRoot);
  }

  async function contextFor(context: OperationContext): Promise<PerformContext> {
    const known = await facts();
    const folder = await folderFor(context.incidentId, context.fence ?? '');
    return {
      ...context,
      // Quarantines on other file systems go by it too.
      incidentId: basename(folder),
      facts: known,
      hostFolder: folder,
      whileFenced: (deed) => whileFenced(folder, context.fence ?? '', deed),
    };
  }

  /** Does something to the host, if this runner is still the one that may. */
  function acting<T>(
    operation: Operation,
    { whileFenced }: PerformContext,
    deed: () => Promise<T>,
  ): Promise<T> {
    const reach = () => reaching(operation, deed);
    return FENCED_AT_START.has(operation.kind) ? reach() : whileFenced(reach);
  }

  return {
    facts,
    scan: async (request, context) => scanHost(request, { ...context, facts: await facts(), cpuMemory }),
    async awaitChange(request, { signal }) {
      changes ??= new Changes();
      return changes.next(request, await knownFacts(), signal);
    },
    async prepare(operation, context) {
      try {
        await askSilentAgain();
        const performing = await contextFor(context);
        const performer = await performerOf(operation.kind);
        return await reaching(operation, () => performer.prepare(operation, performing));
      } catch (error) {
        const message = describeSystemError(error);
        return { status: 'refused', refusal: { code: 'unavailable', message } };
      }
    },
    async perform(operation, receipt, context) {
      try {
        const [performing, performer] = await Promise.all([contextFor(context), performerOf(operation.kind)]);
        return await acting(operation, performing, () => performer.perform(operation, receipt, performing));
      } catch (error) {
        return failed(error, receipt);
      } finally {
        if (CHANGES_FACTS.has(operation.kind)) lasting = null;
      }
    },
    async verify(operation, receipt, secrets = {}) {
      try {
        const performer = await performerOf(operation.kind);
        return await reaching(operation, () => performer.verify(operation, receipt, secrets));
      } catch (error) {
        return { status: 'unknown', detail: describeSystemError(error) };
      }
    },
    async confirm(operation, receipt, how) {
      const performer = await performerOf(operation.kind);
      try {
        // What does not take itself back needs no confirming: whether it holds is all there is to say.
        return await (performer.confirm?.(operation, receipt, how) ?? performer.verify(operation, receipt));
      } catch (error) {
        return { status: 'unknown', detail: describeSystemError(error) };
      }
    },
    async undo(operation, receipt, context) {
      try {
        const [performing, performer] = await Promise.all([contextFor(context), performerOf(operation.kind)]);
        return await acting(operation, performing, () => performer.undo(operation, receipt, performing));
      } catch (error) {
        return failed(error, receipt);
      }
    },
    async readAnew(operation, context) {
      const names = readersOf(operation);
      if (names.length === 0) return '';
      try {
        const performing = await contextFor(context);
        return await performing.whileFenced(async () => (await reloadAfter(names)).replace(/^; /, ''));
      } catch (error) {
        return describeSystemError(error);
      }
    },
    async admit(incidentId, fence) {
      try {
        const nothing = async () => undefined;
        await whileFenced(await folderFor(incidentId, fence), fence, nothing).catch(async (error) => {
          // The other one was quicker, between the look and the fence.
          if (!(error instanceof OtherIncident)) throw error;
          await whileFenced(await folderFor(incidentId, fence), fence, nothing);
        });
      } catch (error) {
        // Looking must be possible where nothing can be written. Nothing is done there: each deed asks again.
        if (isSystemError(error)) return;
        throw error;
      }
    },
    async close() {
      changes?.close();
    },
  };
}

/** What has to do with a file that we have covered for ourselves needs the file itself. */
function reaching<T>(operation: Operation, work: () => Promise<T>): Promise<T> {
  const isAbout = 'file' in operation && operation.file.path === PRELOAD_FILE;
  return isAbout || operation.kind === 'archive-files' ? withPreloadFile(work) : work();
}

/**
 * The registry ties each kind to its performer; here, where any kind may come, that tie is lost to the compiler.
 * Loaded with the first operation: who only looks has no use for it, nor for what it brings with it.
 */
async function performerOf(kind: OperationKind): Promise<OperationPerformer<OperationKind>> {
  const { performers } = await import('./perform/registry.ts');
  return performers[kind] as unknown as OperationPerformer<OperationKind>;
}

function failed(error: unknown, receipt: Receipt): OperationOutcome {
  const message = describeSystemError(error);
  return { status: 'failed', receipt, evidence: [], message, exitCode: null, confirmBefore: null };
}
