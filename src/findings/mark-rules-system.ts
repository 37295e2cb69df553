import { isRemoteAddress } from './addresses.ts';
import type { Indicators } from './indicators.ts';
import type { MarkCode, ObservedMark } from './mark.ts';
import { placeSignals } from './place-signals.ts';
import type { Signal } from './weigh.ts';

type Rule = (seen: ObservedMark, indicators: Indicators) => Signal[];

/** Marks of the kernel, of the firewall, and of what is kept from watching the host. */
export const SYSTEM_MARK_RULES = {
  'module-rootkit': (seen) => [
    one('rootkit-module', 90, `“${seen.details.module}” is a kernel module that rootkits are known by`),
  ],
  'module-hidden': (seen) => [
    one('hidden-module', 90, `${seen.details.module} is loaded, and the kernel’s own list leaves it out`),
  ],
  'module-without-file': (seen) => [
    seen.details.isForeign === 'yes'
      ? one(
          'module-without-file',
          60,
          'It is loaded, is not of this kernel, and no file of it is to be found',
        )
      : one('module-without-file', 25, 'It is loaded, and no file of it is to be found'),
  ],
  'module-unowned': () => [
    one('unowned-module', 40, 'It is loaded, is not of this kernel, and no package brought it'),
  ],
  'taint-unexplained': () => [
    one(
      'taint-unexplained',
      45,
      'The kernel remembers a module that is not its own, and none that is listed is: it hides, or was unloaded',
    ),
  ],
  'function-taken': ({ details }) => [
    details.known === 'hidden'
      ? one('hidden-module', 90, `${details.by} is loaded, and the kernel’s own list leaves it out`)
      : details.known === 'listed'
        ? one(
            'function-taken',
            30,
            `The module ${details.by} takes over what the kernel does in ${details.value}`,
          )
        : one('function-taken', 60, `Code of no module that is known takes over ${details.value}`),
    ...(details.lists === ''
      ? []
      : [one('decides-listing', 40, `Who takes over ${details.lists} decides what a listing shows`)]),
  ],
  'function-probed': (seen) => [
    one(
      'function-probed',
      20,
      `Something watches ${seen.details.value}, as tools that trace do, and rootkits`,
    ),
  ],
  'module-memory': (seen) => [
    one(
      'module-memory',
      35,
      `${seen.details.value} of memory were taken to load a module, and no module that is listed has them`,
    ),
  ],
  'syscall-taken': ({ details }) => [
    one(
      'syscall-taken',
      60,
      `What is called for ${details.value} is not the kernel’s own code${details.by === '' ? '' : `, but that of ${details.by}`}`,
    ),
    ...(details.isHidden === 'yes'
      ? [one('hidden-code', 45, 'And it is that of no module that is listed')]
      : []),
  ],
  'huge-pages-now': (seen) => [
    one(
      'huge-pages',
      40,
      `${seen.details.value} huge pages are kept, as miners do, and nothing here has a use for them`,
    ),
  ],
  'msr-writes': () => [
    one(
      'msr-writes',
      40,
      'Programs may write to the processor’s registers: miners switch its prefetchers by that',
    ),
  ],
  'addresses-fixed': () => [
    one(
      'addresses-fixed',
      25,
      'Programs are no longer laid out at random in memory, which makes them easier to break',
    ),
  ],
  'other-init-now': (seen, indicators) => [
    one(
      'other-init',
      30,
      `The kernel was told to start ${seen.details.value} first, which no package brought`,
    ),
    ...placeSignals(seen.details.value ?? '', true, indicators),
  ],
  'binfmt-now': (seen, indicators) => [
    seen.details.everyProgram === 'yes'
      ? one('every-program', 60, `The kernel starts ${seen.details.value} in place of every program`)
      : one(
          'binfmt-unowned',
          20,
          `The kernel starts ${seen.details.value}, which no package brought, for files of a kind`,
        ),
    ...placeSignals(seen.details.value ?? '', true, indicators),
  ],
  'agent-masked': (seen) => [one('agent-masked', 45, seen.details.value ?? '')],
  'agent-not-enabled': (seen) => [one('agent-not-enabled', 20, seen.details.value ?? '')],
  'record-erased': (seen) => [one('record-erased', 60, seen.details.value ?? '')],
  'log-removed': (seen) => [one('log-removed', 45, seen.details.value ?? '')],
  'journal-off': (seen) => [one('journal-off', 45, seen.details.value ?? '')],
  'unseen-name': (seen) => [
    one('unseen-name', 60, `It is ${seen.details.value} whose name is made not to be seen in a listing`),
  ],
  'file-among-devices': () => [
    one('file-among-devices', 45, 'It is an ordinary file, and /dev holds devices'),
  ],
  'sshd-built-in': (seen) => [
    one(
      'sshd-built-in',
      seen.details.isEmpty === 'yes' ? 60 : 20,
      `No line says so, and sshd takes “${seen.details.value}” by itself`,
    ),
  ],
  'firewall-rule': (seen, indicators) => firewallSignals(seen, indicators),
  'firewall-off': (seen) => [one('firewall-off', 45, seen.details.value ?? '')],
  'package-of-no-source': (seen) => [one('no-source', 25, `It was installed, and ${seen.details.why}`)],
} satisfies Partial<Record<MarkCode, Rule>>;

/** What came in by these is shut behind it by droppers, against the next one: Redis, Docker, ActiveMQ, WebLogic, … */
const ENTRY_PORTS: ReadonlySet<string> = new Set([
  '2375',
  '2376',
  '4243',
  '6379',
  '7001',
  '8088',
  '8161',
  '61616',
]);

function firewallSignals({ details }: ObservedMark, { ports: pools, hosts }: Indicators): Signal[] {
  const { verdict, ports = '', addresses = '', isOutgoing } = details;
  const named = ports.split(' ').filter(Boolean);
  const bad = addresses.split(' ').find((address) => hosts.has(address));
  const signals: Signal[] = [];
  if (bad !== undefined && verdict !== 'drop')
    signals.push(one('known-bad-host', 90, `It lets ${bad} through, which intruders are known to use`));
  const pool = named.filter((port) => pools.has(Number(port)));
  if (verdict === 'drop' && pool.length >= (isOutgoing === 'yes' ? 1 : 2))
    signals.push(
      one(
        'keeps-rivals-off',
        40,
        `It keeps other miners from their pools (${pool.join(', ')}), as miners do`,
      ),
    );
  const entry = named.filter((port) => ENTRY_PORTS.has(port));
  if (verdict === 'drop' && entry.length > 0 && isOutgoing !== 'yes')
    signals.push(
      one(
        'shuts-door',
        10,
        `It shuts port ${entry.join(', ')}, as intruders do behind them, and as one should`,
      ),
    );
  const target = addresses.split(' ').find((address) => isRemoteAddress(address));
  if (verdict === 'redirect' && target !== undefined)
    signals.push(one('leads-elsewhere', 30, `It leads what comes in on to ${target}`));
  return signals;
}

function one(code: string, weight: number, text: string): Signal {
  return { topic: code, code, weight, text };
}
