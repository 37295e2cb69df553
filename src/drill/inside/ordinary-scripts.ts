/** A build: busy for not quite half of the time, so that a machine with two cores stays usable; stops after 30 minutes. */
export const BUILD_SCRIPT = `#!/bin/bash
# Nightly build of the web shop (played: it turns a core and compiles nothing).
LC_ALL=C x=1
exec {idle}<> <(:) && wait $! 2> /dev/null
while :; do
  if ((SECONDS < 1800)); then
    for ((i = 0; i < 14000; i++)); do ((x = (x * 69069 + 1) & 2147483647)); done
    read -r -t 0.06 -u "$idle"
  else
    read -r -t 60 -u "$idle"
  fi
done
`;

/** A monitoring agent that keeps a connection to the log host. */
export const AGENT_SCRIPT = String.raw`#!/bin/bash
# hostwatch agent: sends a heartbeat to the log host of its configuration.
LC_ALL=C
while IFS='=' read -r key value; do
  case $key in
    protocol) protocol=$value ;;
    log-host) host=${'$'}{value%:*} port=${'$'}{value##*:} ;;
  esac
done < /etc/hostwatch/agent.conf
exec {idle}<> <(:) && wait $! 2> /dev/null
trap '' PIPE
while :; do
  if { exec {log}<> "/dev/$protocol/$host/$port"; } 2> /dev/null; then
    while printf '<13>%(%FT%TZ)T web hostwatch: alive\n' -1 >&"$log"; do
      read -r -t 5 -u "$log"
      (($? > 128)) || break
    done
    exec {log}>&-
  fi
  read -r -t 2 -u "$idle"
done
`;

/** Called by an ordinary cron file; leaves a trace that a cron daemon runs. */
export const SHIP_SCRIPT = `#!/bin/sh
# Ships logs to the log host (played: notes that it was called).
date +%s >> /run/hostwatch.shipped
`;

export const EXPORT_SCRIPT = `#!/bin/sh
# Nightly export for bookkeeping.
cp "/srv/share/Quarterly report (final) 2026.csv" "/srv/share/Quarterly report (last night).csv"
`;

/** A small database on the port that miners like, for its own host only. */
export const DATABASE_SCRIPT = String.raw`// ledgerdb: answers PING.
import { createServer } from 'node:net';
createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', () => socket.write('PONG\n'));
}).listen(3333, '127.0.0.1');
`;

export const DATABASE_CLIENT_SCRIPT = String.raw`#!/bin/bash
# Keeps one connection of the web shop's pool to ledgerdb open.
LC_ALL=C protocol=tcp host=127.0.0.1 port=3333
exec {idle}<> <(:) && wait $! 2> /dev/null
trap '' PIPE
while :; do
  if { exec {db}<> "/dev/$protocol/$host/$port"; } 2> /dev/null; then
    while printf 'PING\n' >&"$db" && read -r -t 5 -u "$db"; do read -r -t 3 -u "$idle"; done
    exec {db}>&-
  fi
  read -r -t 0.05 -u "$idle"
done
`;

/** A daemon whose program file is replaced while it runs. */
export const METER_SCRIPT = `# meterd: counts (played).
exec {idle}<> <(:) && wait $! 2> /dev/null
while :; do read -r -t 60 -u "$idle"; done
`;
