// Run as an ordinary user by ordinary-user.test.ts: a whole infected sandbox, then what was seen, as JSON.
import { existsSync } from 'node:fs';
import { lookInside } from '../../src/drill/look.ts';
import { readManifest } from '../../src/drill/manifest.ts';
import { probeSandbox } from '../../src/drill/probe.ts';
import { listSandboxes, startSandbox } from '../../src/drill/sandbox.ts';
import { scoreDrill } from '../../src/drill/score.ts';
import { cleanUp } from './clean-up.ts';
import { inside } from './inside.ts';

const probe = await probeSandbox();
if (!probe.ok) {
  console.log(JSON.stringify({ probe }));
} else {
  const sandbox = await startSandbox({ scenario: 'noisy', seed: 1 });
  try {
    const manifest = readManifest(sandbox.folder);
    const before = await scoreDrill(sandbox);
    const { processes } = await lookInside(sandbox, {});
    const writes = await inside(
      sandbox,
      'echo x > /etc/drilled && echo x > /usr/sbin/drilled && mkdir -p /var/lib/tourniquet/host && nft add table inet t && id -u',
    );
    await cleanUp(sandbox, manifest);
    const after = await scoreDrill(sandbox);
    await sandbox.end();
    console.log(
      JSON.stringify({
        ...{ probe, uid: process.getuid?.(), mode: sandbox.record.mode, before, after },
        miner: processes.find((each) => each.commandLine.includes(manifest.miner.wallet)),
        writes: { exitCode: writes.exitCode, said: writes.stdout.toString() + writes.stderr.toString() },
        left: { sandboxes: listSandboxes().length, folder: existsSync(sandbox.folder) },
      }),
    );
  } finally {
    await sandbox.end();
  }
}
