import type { Gathered } from './gathered.ts';
import { type Look, listFolder, readBytes, readLines, statHere } from './look.ts';
import { markSetting } from './mark-setting.ts';

/** utmp(5): one record is 384 bytes; 400 where the time in it has 64 bits (aarch64). */
const RECORD_SIZES: Readonly<Record<string, number>> = { x64: 384, arm64: 400 };
const RECORDS_LIMIT = 32 * 1024 * 1024;
const WRITTEN = ['syslog', 'auth.log', 'messages', 'secure'];

/** Records taken out of the lists of log-ins, log files that are gone between their older parts, and a journal that keeps nothing. */
export function enumerateCutRecords(look: Look, gathered: Gathered): number {
  const mark = (
    code: 'record-erased' | 'log-removed' | 'journal-off',
    path: string,
    value: string,
    advice: string,
    line?: number,
  ): void =>
    markSetting(look, gathered, {
      part: 'impairment',
      code,
      name: path,
      path,
      details: { value },
      advice,
      ...(line === undefined ? {} : { line }),
    });
  const elsewhere = 'look elsewhere for what it said: the journal, the log server, the cloud’s audit trail';
  for (const name of ['wtmp', 'btmp']) {
    const erased = erasedRecords(look, `/var/log/${name}`);
    if (erased > 0) {
      const text = `${erased} of its records ${erased === 1 ? 'is' : 'are'} overwritten with nothing`;
      mark('record-erased', `/var/log/${name}`, text, elsewhere);
    }
  }
  const names = new Set(listFolder(look, 'impairment', '/var/log'));
  for (const name of WRITTEN) {
    const older = [...names].find((other) => other.startsWith(`${name}.1`) || other.startsWith(`${name}-20`));
    if (names.has(name) || older === undefined) continue;
    mark('log-removed', `/var/log/${older}`, `${name} is gone, and ${older} beside it is not`, elsewhere);
  }
  for (const path of journalSettings(look)) {
    readLines(look, 'impairment', path)?.forEach((line, index) => {
      if (/^\s*Storage\s*=\s*none\b/i.test(line))
        mark(
          'journal-off',
          path,
          'The journal keeps nothing (Storage=none)',
          `take line ${index + 1} out`,
          index + 1,
        );
    });
  }
  return 2 + WRITTEN.length;
}

/** Tools that clean these lists overwrite a record in place; programs that write them only add at the end. */
function erasedRecords(look: Look, path: string): number {
  const size = RECORD_SIZES[look.facts.architecture];
  const bytes = size === undefined ? undefined : readBytes(look, 'impairment', path, RECORDS_LIMIT)?.bytes;
  if (size === undefined || bytes === undefined) return 0;
  let erased = 0;
  for (let at = 0; at + size <= bytes.length; at += size)
    if (bytes.subarray(at, at + size).every((byte) => byte === 0)) erased += 1;
  return erased;
}

function journalSettings(look: Look): string[] {
  const folders = ['/etc/systemd/journald.conf.d', '/run/systemd/journald.conf.d'];
  const added = folders.flatMap((folder) =>
    listFolder(look, 'impairment', folder).map((name) => `${folder}/${name}`),
  );
  return ['/etc/systemd/journald.conf', ...added].filter((path) => statHere(look, path)?.isFile());
}
