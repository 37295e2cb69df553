/** Line mode on this process's own terminal, on a scripted incident; run by pty.test.ts. */
import { runLine } from '../../src/line/run-line.ts';
import { makeFinding, makeLook, makePlaybook, makeStep } from '../support/incident-builder.ts';
import { ScriptedHandle } from '../support/scripted-handle.ts';

const hangUp = new AbortController();
process.on('SIGHUP', () => hangUp.abort());

const secret = {
  type: 'string',
  isList: false,
  description: 'of the vault',
  isRequired: true,
  isSecret: true,
  default: null,
  options: [],
  pattern: null,
} as const;

const handle = new ScriptedHandle({
  playbook: makePlaybook([makeStep('block-c2'), makeStep('purge')], { inputs: { key: secret } }),
  look: () => makeLook([makeFinding('process:1', { title: 'kworkerds\x1b[2J (812)' })]),
  plan: () => [{ kind: 'block-address', address: '10.66.0.9' }],
});

const { result, message } = await runLine({
  handle,
  input: process.stdin,
  output: process.stdout,
  settings: {
    nowMs: Date.now,
    onInterrupt: (listener) => {
      process.on('SIGINT', listener);
      return () => process.off('SIGINT', listener);
    },
    signal: hangUp.signal,
  },
});
process.stdout.write(`ended: ${result}, ${message}; left: ${handle.leftBecause}\n`);
process.exitCode = 7;
