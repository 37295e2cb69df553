import type { Sandbox } from '../../src/drill/sandbox.ts';
import type { Manifest } from '../../src/drill/scene.ts';
import { textInside } from './inside.ts';

/** The real cron daemon inside starts its jobs with each minute; a test that counts starts must not meet one. */
export async function pauseCron(sandbox: Sandbox, manifest: Manifest, signal = 'STOP'): Promise<void> {
  const cron = manifest.ordinary.find((each) => each.what === 'cron daemon');
  if (cron?.kind === 'process') await textInside(sandbox, 'kill -"$1" "$2"', signal, String(cron.pid));
}

/** What a careful person would type: persistence first, then the process, then the files; other lines stay. */
export async function cleanUp(sandbox: Sandbox, manifest: Manifest): Promise<void> {
  await pauseCron(sandbox, manifest);
  for (const trace of manifest.infection) {
    if (trace.kind !== 'line') continue;
    // cat keeps owner and mode.
    await textInside(
      sandbox,
      'grep -vxF -- "$2" "$1" > /tmp/cleaned; cat /tmp/cleaned > "$1"; rm /tmp/cleaned',
      trace.path,
      trace.text,
    );
  }
  for (const trace of manifest.infection) {
    if (trace.kind === 'file') await textInside(sandbox, 'rm -- "$1"', trace.path);
  }
  const wallet = manifest.miner.wallet;
  await textInside(
    sandbox,
    'for p in /proc/[0-9]*; do [ "$p" = "/proc/$$" ] || ! grep -aqF "donate-level" "$p/cmdline" 2> /dev/null || ! grep -aqF -- "$1" "$p/cmdline" || kill -9 "$(basename "$p")"; done; :',
    wallet,
  );
  await pauseCron(sandbox, manifest, 'CONT');
}
