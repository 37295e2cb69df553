import { type EntryReader, replacing } from './reading.ts';

/**
 * pg_hba.conf: a `host…` record for addresses beyond this host with the method `trust` lets in whoever names a user
 * (PostgreSQL manual, “The pg_hba.conf File”). The first record that fits counts; each is shown.
 */
export const readPgHba: EntryReader = (lines) =>
  lines.flatMap((line, index) => {
    const match =
      /^\s*(host\w*)\s+(\S+)\s+(\S+)\s+(\S+)(?:\s+(\d+\.\d+\.\d+\.\d+|[0-9a-fA-F:]+:[0-9a-fA-F:]*))?\s+(trust)\b/.exec(
        line,
      );
    const [, , database, user, address = ''] = match ?? [];
    if (match === null || /^(127\.0\.0\.1|::1|localhost|samehost)/.test(address)) return [];
    const at = line.lastIndexOf('trust', line.includes('#') ? line.indexOf('#') : undefined);
    return [
      {
        what: `PostgreSQL lets ${address} in without a password`,
        line: index + 1,
        value: `${database} ${user} ${address} trust`,
        port: 5432,
        isOpenToAll: true,
        advice:
          'Ask for a password (scram-sha-256) and name the networks that need it. A user without a password cannot log in from there then: set one first.',
        ...replacing(lines, index, `${line.slice(0, at)}scram-sha-256${line.slice(at + 'trust'.length)}`),
      },
    ];
  });
