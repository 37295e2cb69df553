// Speaks the protocol of src/host/windows/frames.ts as PowerShell would: a line in, a line out. What it answers is read
// from a file of answers by the script's name; names that begin with `!` misbehave. Parameters are held against the
// script's own param block before anything is answered, as PowerShell binds them.
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { whyNotBound } from './ps-binding.mjs';

const [answersFile, journal] = process.argv.slice(2);
const answers = answersFile ? JSON.parse(readFileSync(answersFile, 'utf8')) : {};
const said = [];
const send = (id, answer) =>
  process.stdout.write(`TQ1 ${id} ${Buffer.from(JSON.stringify(answer)).toString('base64')}\r\n`);

process.stdout.write('TQ1 ready e30=\r\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { id, name, script, parameters } = JSON.parse(Buffer.from(line, 'base64').toString('utf8'));
  said.push({ name, parameters });
  if (journal) writeFileSync(journal, JSON.stringify(said));
  if (name === '!echo') send(id, { ok: true, value: [{ script, parameters, pid: process.pid }] });
  else if (name === '!error')
    send(id, { ok: false, message: 'It is\u001b[31m not there', category: 'ObjectNotFound' });
  else if (name === '!hang') continue;
  else if (name === '!die') {
    process.stderr.write('out of memory\n');
    process.exit(3);
  } else if (name === '!garbage') process.stdout.write('TQ1 what?\r\n');
  else if (name === '!no-json') process.stdout.write(`TQ1 ${id} AAAA\r\n`);
  else if (name === '!other') send('99', { ok: true, value: [] });
  else if (name === '!noise') {
    process.stdout.write('WARNING: a module talks\r\n');
    send(id, { ok: true, value: [1] });
  } else if (name === '!huge') process.stdout.write('A'.repeat(4 * 1024 * 1024));
  else if (name === '!large') send(id, { ok: true, value: ['x'.repeat(3 * 1024 * 1024)] });
  else {
    const given = answers[name];
    const unbound = whyNotBound(script, parameters);
    if (unbound !== null) send(id, { ok: false, message: unbound, category: 'InvalidArgument' });
    else if (given === undefined)
      send(id, { ok: false, message: `no answer for ${name}`, category: 'NotSpecified' });
    else if (given.sequence) send(id, given.sequence.length > 1 ? given.sequence.shift() : given.sequence[0]);
    else send(id, { ok: true, value: given });
  }
}
