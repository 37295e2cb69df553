import type { Finding } from '../finding.ts';
import { HOLED_PROGRAMS } from '../holed-programs.ts';
import { holesOf } from '../known-holes.ts';
import type { WindowsView } from './judge-process.ts';
import type { PhpCgi } from './observed.ts';
import { one, setting } from './setting-finding.ts';

/** Japanese, simplified and traditional Chinese: there a way in is known (devco.re, “CVE-2024-4577”, of 2024-06-06). */
const OPEN_PAGES = new Set(['932', '936', '950']);

/**
 * The hole that RedTail comes in by (CVE-2024-4577): PHP for Windows alone, started as a CGI program by Apache, where the code page
 * turns a soft hyphen into a minus. As FastCGI, which IIS starts it as, and on Linux it has none. null if it is mended.
 */
export function judgePhpCgi(seen: PhpCgi, view: WindowsView): Finding | null {
  const holes = holesOf('php-cgi', seen.version);
  if (holes === null || holes === 'unreadable') return null;
  const [line] = seen.settings;
  const isOpenPage = OPEN_PAGES.has(seen.codePage);
  const isOpen = line !== undefined && isOpenPage && seen.isServerRunning;
  const cves = holes.cves.join(', ');
  return setting(view, {
    part: 'entry-points',
    name: `PHP ${seen.version} has a known hole, ${cves} (${seen.path})`,
    value: seen.version,
    advice: HOLED_PROGRAMS['php-cgi'].upgrade.replace('VERSION', holes.mendedIn),
    attack: ['T1190'],
    signals: [
      one(
        'known-hole',
        'known-hole',
        25,
        `PHP ${seen.version} has ${cves}, which ${holes.mendedIn} does not have any more`,
      ),
      line === undefined
        ? one(
            'way',
            'not-reached',
            0,
            'It is open only where a web server starts it as a CGI program; no setting of Apache that was read does',
          )
        : one(
            'way',
            isOpen ? 'reached' : 'not-reached',
            isOpen ? 35 : 5,
            `${line.path} line ${line.line} has the web server start it${seen.isServerRunning ? '' : ', which does not run now'}`,
          ),
      isOpenPage
        ? one('page', 'open-code-page', 0, `With the code page ${seen.codePage} a way in is known`)
        : one(
            'page',
            'other-code-page',
            0,
            `With the code page ${seen.codePage || 'that it has'} no way in is known; PHP’s makers do not rule one out`,
          ),
    ],
  });
}
