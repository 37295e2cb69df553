/** A hole that intruders are known to come through, and the versions that have it. */
export interface KnownHole {
  readonly cve: string;
  /** `from` has it, `before` does not any more: the first that is mended in that line. */
  readonly versions: readonly { readonly from: string; readonly before: string }[];
  /** Left out if the version alone tells; else what it depends on besides, as a sentence. Nothing is accused then. */
  readonly onlyIf?: string;
}

/** A program, the holes that miners come through, and what mends them. Where its version stands: host/scan/entry-points/holes. */
export interface HoledProgram {
  readonly name: string;
  readonly holes: readonly KnownHole[];
  /** What is done besides the upgrade, or for it. `VERSION` stands for the one to go to. */
  readonly upgrade: string;
  /** What its own makers give out as packages, whose numbers are upstream's. All others may be mended without another number. */
  readonly makersPackages?: RegExp;
  /** A web server serves it; it has no process of its own. */
  readonly isServed?: true;
}

/** `14.3.0-canary.77 15.0.5` → from the one, before the other. */
function lines(...pairs: readonly string[]): KnownHole['versions'] {
  return pairs.map((pair) => {
    const [from = '', before = ''] = pair.split(' ');
    return { from, before };
  });
}

/**
 * The bounds are those of the CVE records (github.com/CVEProject/cvelistV5, `cves/YEAR/…`), which give the makers' own; where
 * another source was needed it stands beside the entry.
 */
export const HOLED_PROGRAMS = {
  // github.com/vercel/next.js, GHSA-9qr9-h5gf-34mp: App Router alone; canaries from 14.3.0-canary.77, mended in the canaries
  // named. CVE-2025-66478 is the same hole, rejected as a duplicate of CVE-2025-55182.
  'next.js': {
    name: 'Next.js',
    holes: [
      {
        cve: 'CVE-2025-55182',
        versions: lines(
          '14.3.0-canary.77 14.3.0-canary.88',
          '15.0.0-canary.0 15.0.5',
          '15.1.0-canary.0 15.1.9',
          '15.2.0-canary.0 15.2.6',
          '15.3.0-canary.0 15.3.6',
          '15.4.0-canary.0 15.4.8',
          '15.5.0-canary.0 15.5.7',
          '15.6.0-canary.0 15.6.0-canary.58',
          '16.0.0-beta.0 16.0.7',
          '16.1.0-canary.0 16.1.0-canary.12',
        ),
      },
    ],
    upgrade:
      'There, `npm install next@VERSION`, build it anew and start it anew: what was built before keeps the hole. Replace every secret that its environment holds.',
  },
  'react-server-dom': {
    name: 'React Server Components',
    holes: [{ cve: 'CVE-2025-55182', versions: lines('19.0.0 19.0.1', '19.1.0 19.1.2', '19.2.0 19.2.1') }],
    upgrade:
      'Install VERSION of it and of react, build the application anew and start it anew. Replace every secret that its environment holds.',
  },
  // CVE-2021-45046: 2.15.0 was not enough. Without JndiLookup.class neither is there (logging.apache.org/log4j/2.x/security.html).
  log4j: {
    name: 'Log4j',
    holes: [
      { cve: 'CVE-2021-44228', versions: lines('2.0-beta9 2.3.1', '2.4 2.12.2', '2.13.0 2.15.0') },
      {
        cve: 'CVE-2021-45046',
        versions: lines('2.15.0 2.16.0'),
        onlyIf: 'its layout looks up what a request can set (${ctx:…})',
      },
    ],
    upgrade:
      'Put log4j-core 2.17.1 or later in its place (2.12.4 for Java 7, 2.3.2 for Java 6), or have the maker’s update; until then take JndiLookup.class out of it (zip -d), and start the program anew.',
  },
  gitlab: {
    name: 'GitLab',
    holes: [
      {
        cve: 'CVE-2021-22205',
        versions: lines('11.9 13.8.8', '13.9 13.9.6', '13.10 13.10.3'),
      },
    ],
    upgrade:
      'Upgrade to VERSION first, then on along GitLab’s upgrade path; look for accounts and hooks that nobody made.',
    makersPackages: /^gitlab-(ce|ee|jh|fips)$/,
  },
  // “Versions after 1.3.0”, all lines that are not named (7.5 to 7.12) with them (Atlassian, advisory of 2022-06-02).
  confluence: {
    name: 'Confluence',
    holes: [
      {
        cve: 'CVE-2022-26134',
        versions: lines(
          '1.3.0 7.4.17',
          '7.5 7.13.7',
          '7.14 7.14.3',
          '7.15 7.15.2',
          '7.16 7.16.4',
          '7.17 7.17.4',
          '7.18 7.18.1',
        ),
      },
      { cve: 'CVE-2023-22527', versions: lines('8.0.0 8.5.4') },
    ],
    upgrade:
      'Upgrade to VERSION or later, or keep it from the network; look for administrators and plug-ins that nobody put there.',
  },
  // 1.x is the Enterprise edition, whose numbers are those of 0.x else.
  metabase: {
    name: 'Metabase',
    holes: [
      {
        cve: 'CVE-2023-38646',
        versions: lines(
          '0.43 0.43.7.2',
          '0.44 0.44.7.1',
          '0.45 0.45.4.1',
          '0.46 0.46.6.1',
          '1.43 1.43.7.2',
          '1.44 1.44.7.1',
          '1.45 1.45.4.1',
          '1.46 1.46.6.1',
        ),
      },
    ],
    upgrade:
      'Put metabase.jar of VERSION or later in its place and start it anew; replace the database passwords that it holds.',
  },
  // Oracle mends without another number (oracle.com/security-alerts/cpuoct2020.html).
  weblogic: {
    name: 'WebLogic',
    holes: [
      {
        cve: 'CVE-2020-14882',
        versions: lines('10.3.6.0 10.3.6.1', '12.1.3.0 12.1.3.1', '12.2.1.3 12.2.1.5', '14.1.1.0 14.1.1.1'),
        onlyIf: 'the patches of October 2020 or later are missing: `opatch lsinventory` tells',
      },
    ],
    upgrade: 'Apply the newest patch set (opatch), and keep its console from the network.',
  },
  activemq: {
    name: 'ActiveMQ',
    holes: [
      {
        cve: 'CVE-2023-46604',
        versions: lines('5.0 5.15.16', '5.16.0 5.16.7', '5.17.0 5.17.6', '5.18.0 5.18.3'),
      },
    ],
    upgrade: 'Upgrade to VERSION or later and start it anew; let only its clients reach port 61616.',
  },
  nacos: {
    name: 'Nacos',
    holes: [{ cve: 'CVE-2021-29441', versions: lines('0.1 1.4.1') }],
    upgrade:
      'Upgrade to VERSION or later with nacos.core.auth.enabled=true and a token key of your own; replace what its configurations hold.',
  },
  rocketmq: {
    name: 'RocketMQ',
    holes: [
      { cve: 'CVE-2023-33246', versions: lines('4.0 4.9.6', '5.0.0 5.1.1') },
      { cve: 'CVE-2023-37582', versions: lines('4.0 4.9.7', '5.0.0 5.1.2') },
    ],
    upgrade:
      'Upgrade to VERSION or later and start broker and name server anew; let only its clients reach their ports.',
  },
  // Disputed as a hole of its own: whoever may give it work may run programs; without a token that is everybody.
  'xxl-job': {
    name: 'XXL-Job',
    holes: [
      {
        cve: 'CVE-2022-40929',
        versions: lines('1.0 2.3.0'),
        onlyIf:
          'xxl.job.accessToken is empty, as it is unless somebody sets it, or the well-known “default_token”',
      },
    ],
    upgrade:
      'Set xxl.job.accessToken to one of your own in the admin and every executor, upgrade to VERSION or later, and keep the executor’s port (9999) from the network.',
  },
  // jenkins.io/security/advisory/2024-01-24: 2.441 and LTS 2.426.2 and earlier; LTS versions have three parts.
  jenkins: {
    name: 'Jenkins',
    holes: [{ cve: 'CVE-2024-23897', versions: lines('1.0 2.426.3', '2.427 2.440.1', '2.441 2.442') }],
    upgrade:
      'Upgrade to 2.442, LTS 2.426.3, or later; what its files held (credentials, keys) must be replaced.',
    makersPackages: /^jenkins$/,
  },
  // Windows alone, as a CGI program alone; the record calls every line affected that it does not name, and those before 8.1 are
  // mended no more. What Linux has (FPM, modules, CGI) has none of it, whatever its version.
  'php-cgi': {
    name: 'PHP for Windows',
    holes: [{ cve: 'CVE-2024-4577', versions: lines('5.0 8.1.29', '8.2.0 8.2.20', '8.3.0 8.3.8') }],
    upgrade:
      'Put PHP VERSION or later in its place. Until then take the lines that start php-cgi.exe (ScriptAlias /php-cgi/) out of Apache’s settings and start it anew.',
  },
  // phpmyadmin.net/security, PMASA-2018-4 and PMASA-2009-3.
  phpmyadmin: {
    name: 'phpMyAdmin',
    holes: [
      { cve: 'CVE-2009-1151', versions: lines('2.11.0 2.11.9.5', '3.0.0 3.1.3.1') },
      {
        cve: 'CVE-2018-12613',
        versions: lines('4.8.0 4.8.2'),
        onlyIf: 'somebody can log in (a weak password, AllowArbitraryServer)',
      },
    ],
    upgrade:
      'Put VERSION or later in its place, or take it off the web server; let only administrators reach it.',
    isServed: true,
  },
} as const satisfies Readonly<Record<string, HoledProgram>>;

export type HoledProgramName = keyof typeof HOLED_PROGRAMS;
