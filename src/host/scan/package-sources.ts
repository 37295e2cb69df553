import { gatherLines } from './gather-lines.ts';
import type { Gathered } from './gathered.ts';
import { type Look, listFolder } from './look.ts';
import type { Ownership } from './owning.ts';

const FOLDERS = [
  { folder: '/etc/apt/sources.list.d', ending: /\.(list|sources)$/ },
  { folder: '/etc/yum.repos.d', ending: /\.repo$/ },
  { folder: '/etc/dnf/repos.d', ending: /\.repo$/ },
  { folder: '/etc/apk/repositories.d', ending: /\.list$/ },
];

/** Where packages come from, and whether their signatures are looked at. */
export async function enumeratePackageSources(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const files = ['/etc/apt/sources.list', '/etc/apk/repositories'];
  for (const { folder, ending } of FOLDERS) {
    for (const name of listFolder(look, 'sources', folder))
      if (ending.test(name)) files.push(`${folder}/${name}`);
  }
  let seen = 0;
  for (const path of files) {
    const count = await gatherLines(
      look,
      gathered,
      ownership,
      { scope: 'sources', path, role: 'source-line' },
      (text) => {
        const line = text.trim();
        if (line === '' || line.startsWith('#')) return null;
        const trust =
          /\b(trusted\s*[:=]\s*yes|allow-insecure\s*[:=]\s*yes|gpgcheck\s*=\s*0|repo_gpgcheck\s*=\s*0)\b/i.exec(
            line,
          );
        const uris = [...line.matchAll(/\b(https?|ftp|file|copy):\/{0,2}([^\s,]*)/gi)];
        if (trust === null && uris.length === 0) return null;
        return {
          details: {
            uris: uris.map((match) => withoutLogin(match[0])).join(' '),
            ...(trust === null ? {} : { unsigned: trust[0] }),
          },
        };
      },
    );
    seen += count ?? 0;
  }
  return seen;
}

/** A name and password before `@` are never carried along. */
function withoutLogin(uri: string): string {
  return uri.replace(/\/\/[^/@]*@/, '//');
}
