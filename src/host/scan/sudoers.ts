import { gatherLines } from './gather-lines.ts';
import type { Gathered } from './gathered.ts';
import { type Look, listFolder } from './look.ts';
import type { Ownership } from './owning.ts';
import { isSystemAccount } from './passwd.ts';

const MOST_FILES = 200;

/** Rules of sudoers(5), with every file that is included: what lets somebody become root without being asked. */
export async function enumerateSudoers(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const waiting = ['/etc/sudoers', '/usr/local/etc/sudoers', ...inFolder(look, '/etc/sudoers.d')];
  const done = new Set<string>();
  let seen = 0;
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (done.has(path)) continue;
    if (done.size === MOST_FILES) {
      const reason = `it includes more than ${MOST_FILES} files; not all were looked at`;
      look.unknowns.push({ scope: 'sudo', what: '/etc/sudoers', reason });
      break;
    }
    done.add(path);
    const here = path;
    let isContinued = false;
    const read = await gatherLines(
      look,
      gathered,
      ownership,
      { scope: 'sudo', path, role: 'sudo-rule' },
      (text) => {
        const isPart = isContinued;
        isContinued = text.endsWith('\\');
        waiting.push(...included(look, text, here));
        const rule = text.trim();
        if (rule === '' || rule.startsWith('#') || rule.startsWith('@')) return null;
        const who = /^(?:Defaults[:@>!]?(\S*)|(\S+))/.exec(rule);
        const name = who?.[1] ?? who?.[2] ?? '';
        const account = look.accounts.find((candidate) => candidate.name === name);
        return {
          details: {
            who: name,
            isInParts: isPart || isContinued ? 'yes' : 'no',
            isKnown: account === undefined && /^[a-z_][\w.-]*$/.test(name) ? 'no' : 'yes',
            isCloudInit: /\/90-cloud-init-users$|\/google_sudoers$|\/waagent$/.test(here) ? 'yes' : 'no',
          },
          account: account?.name ?? null,
          isSystemAccount: account !== undefined && isSystemAccount(account),
        };
      },
    );
    seen += read ?? 0;
  }
  for (const path of ['/etc/doas.conf', ...doasFiles(look)])
    seen += await enumerateDoas(look, gathered, ownership, path);
  return seen;
}

/** doas.conf(5): `permit [nopass|persist|keepenv|setenv { … }] WHO [as TARGET] [cmd COMMAND]`; Alpine's reads a folder too. */
async function enumerateDoas(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
  path: string,
): Promise<number> {
  const place = { scope: 'sudo', path, role: 'sudo-rule' } as const;
  const read = await gatherLines(look, gathered, ownership, place, (text) => {
    const rule = text.replace(/#.*$/, '').trim();
    const [, options = '', rest = ''] =
      /^permit\s+((?:(?:nopass|nolog|persist|keepenv|setenv\s*\{[^}]*\})\s+)*)(.*)$/.exec(rule) ?? [];
    const [, name = '', target = 'root'] = /^(\S+)(?:\s+as\s+(\S+))?\s*$/.exec(rest) ?? [];
    if (!/\bnopass\b/.test(options) || name === '' || target !== 'root') return null;
    const account = look.accounts.find((candidate) => candidate.name === name);
    const isKnown = account !== undefined || name.startsWith(':');
    return {
      details: {
        who: name,
        isInParts: 'no',
        isKnown: isKnown ? 'yes' : 'no',
        isCloudInit: 'no',
        isFree: 'yes',
      },
      account: account?.name ?? null,
      isSystemAccount: account !== undefined && isSystemAccount(account),
    };
  });
  return read ?? 0;
}

function doasFiles(look: Look): string[] {
  return listFolder(look, 'sudo', '/etc/doas.d')
    .filter((name) => name.endsWith('.conf'))
    .map((name) => `/etc/doas.d/${name}`);
}

/** sudo passes over names with a dot and those that end in `~`. */
function inFolder(look: Look, folder: string): string[] {
  return listFolder(look, 'sudo', folder)
    .filter((name) => !name.includes('.') && !name.endsWith('~'))
    .map((name) => `${folder}/${name}`);
}

function included(look: Look, text: string, from: string): string[] {
  const match = /^\s*[#@]include(dir)?\s+"?([^"\s]+)"?/.exec(text);
  const named = match?.[2];
  if (named === undefined) return [];
  const path = named.startsWith('/') ? named : `${from.slice(0, from.lastIndexOf('/'))}/${named}`;
  return match?.[1] === undefined ? [path] : inFolder(look, path);
}
