import { byWhom, type Indicators } from '../indicators.ts';
import { commandSignals } from '../judge-command.ts';
import type { Signal } from '../weigh.ts';
import { fileNameOf, programsIn } from './windows-paths.ts';

/** What the text of a command line on Windows says by itself, wherever it stands. */
export function windowsCommandSignals(text: string, indicators: Indicators): Signal[] {
  const part = {
    ...{ words: [text], program: '', next: '', writesTo: [], isOutputRun: false },
    ...{ wrappers: [], isDisguised: false, input: '' },
  };
  const signals = [...commandSignals({ parts: [part], targets: [], text }, indicators)];
  const add = (topic: string, code: string, weight: number, words: string): void => {
    signals.push({ topic, code, weight, text: words });
  };
  const fetches = FETCHES.exec(text)?.[0];
  if (fetches !== undefined && RUNS_TEXT.test(text))
    add('fetch-run', 'fetch-run', 60, `It fetches a program (${fetches}) and runs it at once`);
  else if (fetches !== undefined) add('fetch-run', 'fetches', 25, `It fetches from the network (${fetches})`);
  if (ENCODED.test(text)) add('encoded', 'encoded-command', 40, 'It gives PowerShell a command in base64');
  if (/-w(?:in(?:dow(?:style)?)?)?\s+h(?:idden)?\b/i.test(text))
    add('unseen', 'hidden-window', 15, 'Its window is hidden');
  if (REMOTE_SCRIPT.test(text))
    add('fetch-run', 'remote-script', 60, 'It runs a script straight from the network');
  return signals;
}

// Programs that fetch, as LOLBAS lists them, and what PowerShell fetches with.
const FETCHES =
  /\b(?:DownloadString|DownloadFile|DownloadData|Invoke-WebRequest|Invoke-RestMethod|Start-BitsTransfer|iwr|irm|wget|curl(?:\.exe)?|certutil(?:\.exe)?\s[^|&]*-urlcache|bitsadmin(?:\.exe)?\s[^|&]*\/transfer)\b/i;
const RUNS_TEXT = /\b(?:IEX|Invoke-Expression)\b|\[scriptblock\]::Create|\|\s*(?:cmd|powershell|pwsh)\b/i;
const ENCODED = /\s[-/]e(?:nc?|nco?d?e?d?c?o?m?m?a?n?d?|c)?\s+[A-Za-z0-9+/=]{24,}/i;
const REMOTE_SCRIPT = /\b(?:mshta|regsvr32|rundll32)(?:\.exe)?\b[^|&]*\bhttps?:/i;

/** What the place and the name of a program say. `isEntry`: something starts it by itself. */
export function windowsPlaceSignals(path: string, isEntry: boolean, indicators: Indicators): Signal[] {
  const signals: Signal[] = [];
  const name = fileNameOf(path);
  const stem = name.replace(/\.(?:exe|dll|bat|cmd|vbs|ps1|js|scr|com)$/i, '').toLowerCase();
  const known = indicators.names.get(stem) ?? indicators.names.get(name.toLowerCase());
  if (known !== undefined)
    signals.push({
      topic: 'name',
      code: 'miner-name',
      weight: 45,
      text: `“${name}” is a name that miners are known by${byWhom(known)}`,
    });
  if (!path.includes('\\')) return signals;
  if (ODD_FOLDER.test(path))
    signals.push({
      topic: 'where',
      code: 'odd-folder',
      weight: isEntry ? 40 : 25,
      text: `${path} is in a folder where anybody can put files and no program is installed`,
    });
  else if (PROFILE_FOLDER.test(path))
    signals.push({
      topic: 'where',
      code: 'profile-folder',
      weight: 10,
      text: `${path} is in an account's own folder`,
    });
  if (SYSTEM_PROGRAMS.has(name.toLowerCase()) && !SYSTEM_FOLDER.test(path))
    signals.push({
      topic: 'pretends',
      code: 'pretends-system-program',
      weight: 50,
      text: `“${name}” is the name of a program of Windows, and ${path} is not where that lies`,
    });
  return signals;
}

const ODD_FOLDER =
  /\\(?:AppData\\Local\\Temp|Windows\\Temp|Windows\\Fonts|Windows\\Tasks|Users\\Public|PerfLogs|\$Recycle\.Bin|Temp)\\|\\ProgramData\\[^\\]+$|\\AppData\\(?:Roaming|Local)\\[^\\]+$/i;
const PROFILE_FOLDER = /\\Users\\[^\\]+\\/i;
const SYSTEM_FOLDER =
  /^[a-z]:\\windows\\(?:(?:system32|syswow64|winsxs|servicing)\\|explorer\.exe$)|^\\\?\?\\[a-z]:\\windows\\system32\\/i;
const SYSTEM_PROGRAMS = new Set([
  ...['svchost.exe', 'lsass.exe', 'csrss.exe', 'services.exe', 'winlogon.exe', 'smss.exe', 'wininit.exe'],
  ...['explorer.exe', 'conhost.exe', 'dllhost.exe', 'taskhostw.exe', 'spoolsv.exe', 'runtimebroker.exe'],
  ...['sihost.exe', 'ctfmon.exe', 'dwm.exe', 'fontdrvhost.exe', 'wudfhost.exe', 'audiodg.exe'],
]);

/** A command line as an entry that starts something by itself holds it: its text, and the places of what it starts. */
export function windowsEntrySignals(text: string, indicators: Indicators): Signal[] {
  return [
    ...windowsCommandSignals(text, indicators),
    ...programsIn(text).flatMap((path) => windowsPlaceSignals(path, true, indicators)),
  ];
}
