import type { Signal } from './weigh.ts';

const CALLS = 'eval|assert|system|passthru|shell_exec|exec|popen|proc_open|pcntl_exec|create_function';
const REQUEST = String.raw`(?:\$\{?_(?:GET|POST|REQUEST|COOKIE|FILES)\b|\$_SERVER\s*\[\s*['"]HTTP_|file_get_contents\s*\(\s*['"]php://input|\$HTTP_RAW_POST_DATA|getallheaders\s*\(\))`;
/** What stands between a call and the request: `@`, `(`, another function's name. */
const BETWEEN = String.raw`(?:[@\s(]|\b(?:base64_decode|stripslashes|urldecode|rawurldecode|gzinflate|gzuncompress|str_rot13|trim|strrev|hex2bin|escapeshellcmd|implode|join)\b){0,12}`;

/** A call of what runs text or programs, on what the visitor sent. */
const RUNS_REQUEST: readonly RegExp[] = [
  new RegExp(String.raw`(?<![\w>:$])(?:${CALLS})\s*\(${BETWEEN}${REQUEST}`, 'i'),
  new RegExp(`\`[^\`\\n]{0,200}${REQUEST}[^\`\\n]{0,200}\``),
  new RegExp(String.raw`${REQUEST}\s*\[[^\]\n]{1,60}\]\s*\(\s*${REQUEST}`),
  /Runtime\s*\.\s*getRuntime\s*\(\s*\)\s*\.\s*exec\s*\(\s*request\s*\.\s*getParameter/,
  /new\s+ProcessBuilder\s*\([^;\n]{0,120}request\s*\.\s*getParameter/,
  /\beval\s*\(?\s*Request\s*[.[(]/i,
  /\b(?:system|exec)\s*\(?\s*(?:param|\$\w+->param)\s*\(/,
];

const RUNS_HIDDEN =
  /(?<![\w>:$])(?:eval|assert)\s*\(\s*@?(?:base64_decode|gzinflate|gzuncompress|str_rot13|strrev|hex2bin)\s*\(/i;
const KNOWN_NAMES =
  /^(c99|r57|wso|b374k|alfa|weevely|chopper|antsword|godzilla|behinder|cmd|shell|webshell)\d*\.(php\d?|phtml|jspx?|aspx?)$/i;

/** Settings of a folder of pages: `.user.ini` of PHP, `.htaccess` of Apache. */
export const FOLDER_SETTINGS = /^\.(?:user\.ini|htaccess)$/i;

/** A page before every page, from where no page lies; and kinds of files that hold no program, run as PHP. */
const RUNS_BEFORE =
  /^\s*(?:php_value\s+)?auto_(?:pre|ap)pend_file[\s=]+["']?((?:\/(?:tmp|var\/tmp|dev\/shm|run)\/|data:|https?:|php:\/\/input|[^"'\s]*\/\.)[^"'\s]*|[^"'\s]+\.(?:jpe?g|png|gif|ico|txt|css|log)\b)/im;
const RUNS_PICTURES =
  /^\s*(?:AddType|AddHandler)\s+["']?(?:application\/x-httpd-php\S*|php\d?-script|proxy:\S+)["']?\s.*\.(?:jpe?g|png|gif|ico|bmp|webp|svg|txt|css|log)\b.*$/im;

/** What the settings of a folder of pages have run that is no page; null if nothing. */
export function readFolderSettings(text: string): Record<string, string> | null {
  const found = RUNS_BEFORE.exec(text)?.[0] ?? RUNS_PICTURES.exec(text)?.[0];
  return found === undefined ? null : { setting: short(found.trim()) };
}

/**
 * What a page of a web server shows of itself: `runs` (it runs what the visitor sends), `hides` (it runs code that
 * is hidden in a text), `named`, `picture`. null if nothing.
 */
export function readWebPage(name: string, text: string, isPicture: boolean): Record<string, string> | null {
  const hasCode = /<\?php|<\?=/i.test(text);
  if (isPicture && !hasCode) return null;
  const found: Record<string, string> = {};
  const runs = RUNS_REQUEST.map((pattern) => pattern.exec(text)?.[0]).find((match) => match !== undefined);
  if (runs !== undefined) found.runs = short(runs);
  const hides = RUNS_HIDDEN.exec(text)?.[0];
  if (hides !== undefined) found.hides = short(hides);
  if (isPicture) found.picture = 'yes';
  // A name says something only of what is a page at all.
  if (Object.keys(found).length > 0 && KNOWN_NAMES.test(name)) found.named = name;
  return Object.keys(found).length === 0 ? null : found;
}

function short(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

const SIGNS: Readonly<
  Record<string, readonly [code: string, weight: number, text: (what: string) => string]>
> = {
  runs: ['runs-request', 90, (what) => `It runs what the visitor sends: ${what}`],
  hides: ['hidden-code', 50, (what) => `It runs code that is hidden in a text: ${what}`],
  named: ['known-bad-name', 45, (what) => `“${what}” is a name that web shells are known by`],
  setting: ['runs-no-page', 60, (what) => `It has every page of its folder run what is no page: ${what}`],
  picture: ['code-in-picture', 50, () => 'It is named like a picture and holds a program'],
};

/** What was found in a page or in a folder's settings, one reason a sign. */
export function webPageSignals(details: Readonly<Record<string, string>>): Signal[] {
  return Object.entries(SIGNS).flatMap(([sign, [code, weight, text]]) => {
    const what = details[sign];
    return what === undefined ? [] : [{ topic: code, code, weight, text: text(what) }];
  });
}
