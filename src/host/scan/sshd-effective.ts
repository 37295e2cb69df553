import { decodeHostBytes } from '../../text/host-bytes.ts';
import { runTool } from '../run-tool.ts';
import type { Gathered } from './gathered.ts';
import { type Look, linesOf } from './look.ts';
import { markSetting } from './mark-setting.ts';
import type { Account } from './passwd.ts';
import { readSshdConfig } from './sshd-config.ts';

/** Keyword in lower case → every value that holds. */
export type SshdSettings = ReadonlyMap<string, readonly string[]>;

const MOST_ASKED = 40;
const MOST_WORDS = 120;
const STOCK_FILE = '/etc/ssh/sshd_config';

/**
 * What sshd itself makes of its files (`sshd -T`, sshd(8)): built-in values included, and for one account what its
 * `Match` blocks say (`-C`). Why not, where it cannot be asked: a tree that is not this host, no sshd, no right to its keys.
 */
async function askSshd(look: Look, account: string | null): Promise<SshdSettings | string> {
  if (look.root !== '') return 'another tree is looked at';
  const about = account === null ? [] : ['-C', `user=${account},host=localhost,addr=127.0.0.1`];
  const result = await runTool(['sshd', '-T', ...about], {
    timeoutMs: 10_000,
    ...(look.signal ? { signal: look.signal } : {}),
  });
  if (result.exitCode === 0) return parseSshdSettings(decodeHostBytes(result.stdout));
  const [said = ''] = linesOf(decodeHostBytes(result.stderr));
  return result.failedToStart ?? (result.timedOut ? 'it took too long' : said.slice(0, MOST_WORDS).trim());
}

function parseSshdSettings(text: string): SshdSettings {
  const out = new Map<string, string[]>();
  for (const line of linesOf(text)) {
    const [, keyword, value = ''] = /^([a-z0-9]+) ?(.*)$/.exec(line) ?? [];
    if (keyword !== undefined) out.set(keyword, [...(out.get(keyword) ?? []), value]);
  }
  return out;
}

/** Where sshd takes keys from, beyond what our own reading of its files says. Accounts are asked about only if they can differ. */
export async function effectiveKeyFiles(look: Look): Promise<string[]> {
  const general = await askSshd(look, null);
  if (typeof general === 'string') return [];
  const isByAccount = readSshdConfig(look).some(
    ({ keyword, match }) => match !== null && keyword === 'authorizedkeysfile',
  );
  const asked = isByAccount ? look.accounts.filter(canLogIn).slice(0, MOST_ASKED) : [];
  const answers = [general, ...(await Promise.all(asked.map(({ name }) => askSshd(look, name))))];
  return answers.flatMap((settings) =>
    typeof settings === 'string' ? [] : (settings.get('authorizedkeysfile') ?? []),
  );
}

function canLogIn({ name, shell }: Account): boolean {
  return /^[\w.-]+$/.test(name) && !/(nologin|false|sync|shutdown|halt)$/.test(shell);
}

/** Of these the open value is worth a word even where no line gives it. */
const OPEN: Readonly<Record<string, RegExp>> = {
  passwordauthentication: /^yes$/,
  permitrootlogin: /^yes$/,
  permitemptypasswords: /^yes$/,
};

/** What holds though no line says so: sshd's built-in values. What lines say is judged line by line. */
export async function enumerateSshdEffective(look: Look, gathered: Gathered): Promise<number> {
  const lines = readSshdConfig(look);
  if (lines.length === 0) return 0;
  const settings = await askSshd(look, null);
  if (typeof settings === 'string') {
    const reason = `sshd -T gave no answer (${settings}); its files were read instead, without its built-in values`;
    if (look.root === '') look.unknowns.push({ scope: 'sshd', what: 'settings that hold', reason });
    return 0;
  }
  for (const [keyword, open] of Object.entries(OPEN)) {
    const value = settings.get(keyword)?.[0] ?? '';
    const isSaid = lines.some((line) => line.keyword === keyword && line.match === null);
    if (!open.test(value) || isSaid) continue;
    markSetting(look, gathered, {
      part: 'sshd',
      code: 'sshd-built-in',
      name: `sshd ${keyword}`,
      path: STOCK_FILE,
      details: { value, isEmpty: keyword === 'permitemptypasswords' ? 'yes' : 'no' },
      advice: `write “${keyword} no” into ${STOCK_FILE}, check it with sshd -t, and reload sshd`,
    });
  }
  return settings.size;
}
