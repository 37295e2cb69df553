import { C2, FORBIDDEN, PEER, POOL } from '../places.ts';

/**
 * The outside world of a sandbox: a pretend pool, a pretend C2 web server, the responder's own machine and an
 * address that containment must cut off. All of it answers with harmless text. Listens in the network namespace it
 * is started in; each contact is one line of FOLDER/contacts.jsonl.
 */
export const PEERS_SCRIPT = String.raw`import { appendFileSync, readFileSync } from 'node:fs';
import { createServer as createWebServer } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';

export async function listen(folder) {
  const note = (peer, text) => {
    try {
      appendFileSync(join(folder, 'contacts.jsonl'), JSON.stringify({ at: Date.now(), peer, text }) + '\n');
    } catch {}
  };
  await Promise.all([
    start(createServer((socket) => pool(socket, note)), '${POOL.address}', ${POOL.port}),
    start(createServer((socket) => pool(socket, note)), '2001:db8::9', ${POOL.port}, true),
    start(webServer(folder, note), '${C2.address}', ${C2.port}),
    start(webServer(folder, note), '2001:db8::20', ${C2.port}, true),
    start(createServer((socket) => say(socket, 'SSH-2.0-OpenSSH_9.2p1 drill\r\n')), '${PEER.address}', ${PEER.sshPort}),
    start(createServer((socket) => say(socket, '')), '${PEER.address}', ${PEER.logPort}),
    start(createServer((socket) => { note('forbidden', 'connected'); say(socket, 'you should not be here\n'); }), '${FORBIDDEN.address}', ${FORBIDDEN.port}),
  ]);
}

function start(server, address, port, isOptional = false) {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => (isOptional ? resolve() : reject(error)));
    server.listen(port, address, resolve);
  });
}

function say(socket, text) {
  socket.on('error', () => {});
  socket.resume();
  if (text) socket.write(text);
}

function pool(socket, note) {
  socket.on('error', () => {});
  let heard = '';
  let job = 0;
  const send = (message) => socket.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
  const newJob = () => ({ job_id: String(++job), blob: '0'.repeat(152), target: 'b88d0600', algo: 'rx/0', height: 3000000 + job });
  const timer = setInterval(() => send({ method: 'job', params: newJob() }), 10_000);
  socket.on('close', () => clearInterval(timer));
  socket.on('data', (bytes) => {
    heard = (heard + bytes.toString('latin1')).slice(-65536);
    for (let end = heard.indexOf('\n'); end >= 0; end = heard.indexOf('\n')) {
      const line = heard.slice(0, end);
      heard = heard.slice(end + 1);
      note('pool', line);
      if (line.includes('"login"')) send({ id: 1, error: null, result: { id: 'drill', job: newJob(), status: 'OK' } });
      else send({ id: 2, error: null, result: { status: 'KEEPALIVED' } });
    }
  });
}

function webServer(folder, note) {
  return createWebServer((request, response) => {
    note('c2', request.method + ' ' + request.url);
    const file = /^\/([a-z0-9.-]+)$/.exec(request.url)?.[1];
    try {
      response.end(readFileSync(join(folder, 'served', file ?? '-')));
    } catch {
      response.writeHead(404).end('nothing here\n');
    }
  });
}

if (process.argv[1] === import.meta.filename) {
  await listen(process.argv[2]);
  process.stdout.write('listening\n');
}
`;
