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
  return seen;
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
