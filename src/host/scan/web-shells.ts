import { setImmediate as breathe } from 'node:timers/promises';
import { FOLDER_SETTINGS, readFolderSettings, readWebPage } from '../../findings/web-page.ts';
import type { Gathered } from './gathered.ts';
import { type Look, listFolder, readBytes, statHere } from './look.ts';
import { markFile } from './mark-file.ts';
import type { Ownership } from './owning.ts';

const ROOTS = [
  '/var/www',
  '/srv/www',
  '/srv/http',
  '/usr/share/nginx/html',
  '/usr/local/apache2/htdocs',
  '/usr/local/nginx/html',
  '/opt/lampp/htdocs',
  '/usr/local/tomcat/webapps',
  '/opt/tomcat/webapps',
  '/www/wwwroot',
  '/data/wwwroot',
  '/home/wwwroot',
];
const PAGE = /\.(php\d?|phtml|phar|inc|jspx?|aspx?|ashx|cgi|pl)$/i;
const PICTURE = /\.(jpe?g|png|gif|ico|bmp|webp|svg)$/i;
const PASSED_OVER = new Set(['node_modules', '.git', '.svn']);
const MOST_ENTRIES = 60_000;
const MOST_READ = 64 * 1024 * 1024;
const LONGEST_MS = 5_000;
const LARGEST = 256 * 1024;
const DEEPEST = 14;

/** Pages that run what a visitor sends, in the folders that web servers serve. */
export async function enumerateWebShells(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const startedMs = performance.now();
  const budget = { entries: 0, bytes: 0 };
  const waiting = roots(look).map((path) => ({ path, depth: 0 }));
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const isOver =
      budget.entries > MOST_ENTRIES || budget.bytes > MOST_READ || performance.now() - startedMs > LONGEST_MS;
    if (isOver) {
      const reason = `the look was ended after ${budget.entries} files, at ${folder.path}; the rest was not looked at`;
      look.unknowns.push({ scope: 'web-shells', what: 'pages of web servers', reason });
      break;
    }
    if (look.signal?.aborted) break;
    for (const name of listFolder(look, 'web-shells', folder.path)) {
      budget.entries += 1;
      if (budget.entries % 2000 === 0) await breathe();
      const path = `${folder.path}/${name}`;
      const isPicture = PICTURE.test(name);
      const isSettings = FOLDER_SETTINGS.test(name);
      const isRead = isPicture || isSettings || PAGE.test(name);
      const page = isRead ? readBytes(look, 'web-shells', path, isPicture ? 32 * 1024 : LARGEST) : null;
      if (page === null) {
        if (folder.depth < DEEPEST && !PASSED_OVER.has(name) && statHere(look, path)?.isDirectory())
          waiting.push({ path, depth: folder.depth + 1 });
        continue;
      }
      if (page.bytes.length === 0) continue;
      budget.bytes += page.bytes.length;
      const text = page.bytes.toString('latin1');
      const details = isSettings ? readFolderSettings(text) : readWebPage(name, text, isPicture);
      if (details === null) continue;
      const owner = (await ownership.owners([path])).get(path);
      markFile(look, gathered, {
        part: 'web-shells',
        code: 'web-shell',
        path,
        package: owner,
        // The rest of it is the site’s own.
        ...(isSettings ? {} : { role: 'web-shell' as const }),
        advice: isSettings
          ? 'take the line out, and what it has run; close the way by which it came'
          : 'take it away, and close the way by which it came',
        details,
      });
    }
  }
  return budget.entries;
}

function roots(look: Look): string[] {
  const homes = look.accounts.flatMap(({ home }) =>
    /^\/home\/./.test(home) ? [`${home}/public_html`, `${home}/www`] : [],
  );
  const tomcats = listFolder(look, 'web-shells', '/var/lib')
    .filter((name) => name.startsWith('tomcat'))
    .map((name) => `/var/lib/${name}/webapps`);
  const all = [...new Set([...ROOTS, ...homes, ...tomcats])];
  return all.filter((path) => statHere(look, path)?.isDirectory());
}
