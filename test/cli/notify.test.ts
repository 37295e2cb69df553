import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startNotifier } from '../../src/cli/notify/notify.ts';
import { type NotifyTarget, parseTarget } from '../../src/cli/notify/notify-target.ts';
import { noticeOf, noticeText } from '../../src/cli/notify/notify-text.ts';
import { notifying } from '../../src/cli/notify/notifying.ts';
import { answerAll, paperIncident, playbook, step } from '../support/paper-incident.ts';
import { HOSTILE, incidentWith } from '../transcript/hostile.ts';
import { INCIDENT, RECORDS } from '../transcript/journal.ts';

const NOTICE = { incident: 'web-07', what: 'a step failed:', step: 'Kill', at: '2026-11-23T04:12:07.000Z' };

/** A server on the loopback that keeps what it is sent. */
async function listening(status = 200, headers: Record<string, string> = {}) {
  const bodies: unknown[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      bodies.push(JSON.parse(Buffer.concat(pieces).toString('utf8')));
      response.writeHead(status, headers).end('ok');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

describe('a target', () => {
  test.each([
    ['slack', { text: 'hello' }],
    ['webhook', { ...NOTICE, text: 'hello' }],
    [
      'teams',
      { type: 'message', attachments: [{ content: { body: [{ text: 'hello', type: 'TextBlock' }] } }] },
    ],
  ])('%s gets what it takes', async (kind, body) => {
    const { bodies, url } = await listening();
    await parseTarget(`${kind}:${url}`).send(NOTICE, 'hello');
    expect(bodies).toMatchObject([body]);
  });

  test('that answers with an error, or sends elsewhere, did not get it', async () => {
    const { url } = await listening(500);
    await expect(parseTarget(`slack:${url}`).send(NOTICE, 'x')).rejects.toThrow('500');
    const { url: away, bodies } = await listening(302, { location: url });
    await expect(parseTarget(`slack:${away}`).send(NOTICE, 'x')).rejects.toThrow();
    expect(bodies).toHaveLength(1);
  });

  test('mail goes through sendmail, to whom it was told, and ends where it ends', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tourniquet-mail-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const [sendmail, sent] = [join(folder, 'sendmail'), join(folder, 'sent')];
    await writeFile(sendmail, `#!/bin/sh\nprintf '%s\\n' "$@" > ${sent}\ncat >> ${sent}\n`);
    await chmod(sendmail, 0o700);
    await parseTarget('mail:soc@example.org', sendmail).send(NOTICE, 'web-07: größer');
    expect(await readFile(sent, 'utf8')).toBe(
      '-i\n-t\nTo: soc@example.org\r\nSubject: web-07: gr??er\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nweb-07: größer\r\n',
    );
    await writeFile(sendmail, '#!/bin/sh\nexit 75\n');
    await expect(parseTarget('mail:soc@example.org', sendmail).send(NOTICE, 'x')).rejects.toThrow('75');
  });

  test('syslog gets a message of RFC 5424', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    onTestFinished(() => void socket.close());
    await once(socket, 'listening');
    const arrived = once(socket, 'message');
    await parseTarget(`syslog://127.0.0.1:${socket.address().port}`).send(NOTICE, 'hello');
    expect(String((await arrived)[0])).toMatch(
      /^<37>1 2026-11-23T04:12:07\.000Z - tourniquet \d+ - - hello$/,
    );
  });

  test.each(['slack:ftp://x', 'slack:', 'mail:a b@c', 'mail:x@y\nBcc: z', 'syslog:nowhere', 'pigeon:x', ''])(
    '%j is refused',
    (text) => expect(() => parseTarget(text)).toThrow(expect.objectContaining({ code: 'bad-notify' })),
  );
});

describe('a notice', () => {
  test('tells of what turned, and of nothing else', () => {
    const notices = RECORDS.flatMap((record) => noticeOf(record, INCIDENT) ?? []);
    expect(notices.map(({ what, step: title }) => `${what} ${title}`.trim())).toEqual([
      'was opened',
      'a step failed: Purge persistence',
      'a step was skipped: Reset keys',
      'something came back, opened again: Kill process',
    ]);
    expect(noticeText(notices[1] ?? NOTICE, '{step} / {what} {other}')).toBe(
      'Purge persistence / a step failed: {other}',
    );
  });

  test.each(HOSTILE)('holds nothing of a host that says %j', (text) => {
    const marker = `marker${text}`;
    const { incident, records } = incidentWith(marker);
    for (const record of records) {
      const notice = noticeOf(record, incident);
      if (notice === null) continue;
      // The step's title is the playbook's, which is the responder's own.
      expect(noticeText({ ...notice, step: '' }, '{incident} {what} {step}')).not.toContain('marker');
      expect(noticeText(notice, '{incident} {what} {step}')).toMatch(/^[^\n\r\u001b]*$/);
    }
  });
});

test('one that fails is said once, and stops neither the others nor the run', async () => {
  const said: string[] = [];
  const got: string[] = [];
  const broken: NotifyTarget = {
    name: 'Slack',
    kind: 'slack',
    send: () => Promise.reject(new Error('no route')),
  };
  const good: NotifyTarget = { name: 'mail', kind: 'mail', send: async (_, text) => void got.push(text) };
  const notifier = startNotifier([broken, good], null, (line) => said.push(line));
  for (const record of RECORDS) notifier.onRecord(record, INCIDENT);
  await notifier.finish(10_000);
  expect(got).toHaveLength(4);
  expect(said).toEqual([expect.stringContaining('by Slack does not work: no route; the run goes on')]);
});

test('a real run is told of from its opening to its end, and goes on when nobody listens', async () => {
  const { bodies, url } = await listening();
  const paper = await paperIncident();
  const runner = await paper.open(playbook([step('one')]));
  const context = {
    notifyTo: `slack:${url} slack:http://127.0.0.1:1/`,
    notifyTemplate: '{what} {step}',
    stderr: process.stderr,
  };
  const notifier = await notifying(context, runner, []);
  await answerAll(runner);
  await notifier?.finish(10_000);
  expect(bodies[0]).toEqual({ text: 'was opened' });
  expect(runner.view().notice).toMatch(/by Slack does not work/);
  expect(runner.view().incident.steps[0]?.status).toBe('done');
  await runner.leave('test');
  await expect(notifying(context, runner, ['pigeon:x'])).rejects.toMatchObject({ code: 'bad-notify' });
});

test('that something was taken back is told as well', () => {
  const record = {
    seq: 9,
    at: NOTICE.at,
    by: 'ana',
    event: { kind: 'step-undone', stepId: 'kill' },
  } as const;
  expect(noticeText(noticeOf(record, INCIDENT) ?? NOTICE, '{what} {step}')).toBe(
    'a step was undone, what it had done is taken back: Kill process',
  );
});

test('a drill is told of as one', () => {
  const drill = { ...INCIDENT, host: { ...INCIDENT.host, isDrill: true } };
  const [first] = RECORDS.flatMap((record) => noticeOf(record, drill) ?? []);
  expect(noticeText(first ?? NOTICE, '{what}')).toBe('(drill) was opened');
});

describe('a step that tells somebody', () => {
  const book = playbook([
    step('tell', {
      uses: 'notify',
      with: { message: 'case ${{ incident.id }}: ${{ steps.tell.status }}', to: ['slack'] },
    }),
    step('after'),
  ]);
  async function run(notifyTo: string, steps = book) {
    const paper = await paperIncident();
    const runner = await paper.open(steps);
    const notifier = await notifying({ notifyTo, notifyTemplate: null, stderr: process.stderr }, runner, []);
    await answerAll(runner);
    await notifier?.finish(10_000);
    const { incident } = runner.view();
    await runner.leave('test');
    return { incident, notes: incident.notes.map(({ stepId, text }) => `${stepId}: ${text}`) };
  }

  test('says its message where it was asked to, and notes that it did', async () => {
    const slack = await listening();
    const hook = await listening();
    const { notes, incident } = await run(`slack:${slack.url} webhook:${hook.url}`);
    expect(slack.bodies).toContainEqual({ text: expect.stringMatching(/^tourniquet (\S+): case \1: done$/) });
    expect(JSON.stringify(hook.bodies)).not.toContain('case');
    expect(notes).toEqual(['tell: Told by Slack']);
    expect(incident.steps.map(({ status }) => status)).toEqual(['done', 'done']);
  });

  test('that nobody hears is done all the same, and the record says so', async () => {
    const { notes, incident } = await run('slack:http://127.0.0.1:1/secret-part');
    expect(notes).toEqual([expect.stringMatching(/^tell: Nobody was told; not by Slack \(/)]);
    expect(notes.join()).not.toContain('secret-part');
    expect(incident.steps.map(({ status }) => status)).toEqual(['done', 'done']);
    expect((await run('')).notes).toEqual([expect.stringContaining('no such way is set')]);
  });

  test('passes on nothing that the host says of itself', async () => {
    const slack = await listening();
    await run(
      `slack:${slack.url}`,
      playbook([
        step('tell', {
          uses: 'notify',
          title: 'Tell the lead',
          with: { message: 'on ${{ host.hostname }}' },
        }),
      ]),
    );
    expect(slack.bodies).toContainEqual({ text: expect.stringMatching(/: see the step “Tell the lead”$/) });
  });
});
