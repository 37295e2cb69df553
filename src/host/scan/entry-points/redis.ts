import { appending, type EntryReader, type EntryReading, replacing } from './reading.ts';

const LOCAL = /^-?(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/**
 * redis.conf: of several lines with one name the last counts, save that each `bind` replaces the one before. Without `bind` it
 * listens everywhere, and protected mode then answers only loopback (redis.io, “Redis security”).
 */
export const readRedis: EntryReader = (lines) => {
  const last = (name: string): { readonly index: number; readonly value: string } | null => {
    const pattern = new RegExp(`^\\s*${name}\\s+(.*?)\\s*$`, 'i');
    const index = lines.findLastIndex((line) => pattern.test(line));
    return index < 0
      ? null
      : { index, value: pattern.exec(lines[index] ?? '')?.[1]?.replace(/^"|"$/g, '') ?? '' };
  };
  const hasPassword =
    (last('requirepass')?.value ?? '') !== '' ||
    lines.some((line) => /^\s*(user\s+default\s.*[>#]|aclfile\s)/.test(line));
  const bind = last('bind');
  const isLocal = bind?.value.split(/\s+/).every((address) => LOCAL.test(address)) ?? false;
  const isProtected = last('protected-mode')?.value.toLowerCase() !== 'no';
  const port = Number(last('port')?.value ?? 6379);
  if (port === 0 || hasPassword) return [];
  const common = { port, isOpenToAll: !isProtected && !isLocal } as const;
  const readings: EntryReading[] = [];
  const mode = last('protected-mode');
  if (!isProtected && mode !== null)
    readings.push({
      ...common,
      what: 'Redis has protected mode off and no password',
      line: mode.index + 1,
      value: 'protected-mode no',
      advice:
        'Switch protected mode on, and give it a password or users of its own (requirepass, ACL), which is for you to choose.',
      ...replacing(lines, mode.index, 'protected-mode yes'),
    });
  if (!isLocal && bind !== null)
    readings.push({
      ...common,
      what: 'Redis listens beyond this host without a password',
      line: bind.index + 1,
      value: `bind ${bind.value}`,
      advice: 'Bind it to loopback; who needs it from elsewhere gets it with a password and a firewall rule.',
      ...replacing(lines, bind.index, 'bind 127.0.0.1 -::1'),
    });
  if (bind === null && !isProtected)
    readings.push({
      ...common,
      what: 'Redis listens on every address',
      line: null,
      value: 'no bind',
      advice: 'Bind it to loopback; who needs it from elsewhere gets it with a password and a firewall rule.',
      ...appending(lines, 'bind 127.0.0.1 -::1'),
    });
  if (readings.length > 0)
    readings.push({
      ...common,
      what: 'Redis asks nobody for a password',
      line: null,
      value: 'no requirepass',
      advice:
        'Give it a password: one is made on the host and stands in this file alone. Every program that uses this Redis must be told it, or is turned away.',
      // A line of its own about the default user says how that one logs in; what of both would hold is for a person.
      ...(lines.some((line) => /^\s*user\s+default\s/i.test(line))
        ? {}
        : appending(lines, 'requirepass ', { madeUp: true })),
    });
  return readings;
};
