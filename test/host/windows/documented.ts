/**
 * What Microsoft's pages say that an object has, for those that were opened and read (MicrosoftDocs/win32 and
 * MicrosoftDocs/windows-powershell-docs, which learn.microsoft.com is made from): all that a script of ours may ask of it,
 * and not always all that there is. The pages' names are in README.md beside this file.
 */
export const DOCUMENTED: Readonly<Record<string, string>> = {
  Win32_Process:
    'CreationClassName Caption CommandLine CreationDate CSCreationClassName CSName Description ExecutablePath ExecutionState Handle HandleCount InstallDate KernelModeTime MaximumWorkingSetSize MinimumWorkingSetSize Name OSCreationClassName OSName OtherOperationCount OtherTransferCount PageFaults PageFileUsage ParentProcessId PeakPageFileUsage PeakVirtualSize PeakWorkingSetSize Priority PrivatePageCount ProcessId SessionId Status TerminationDate ThreadCount UserModeTime VirtualSize WindowsVersion WorkingSetSize',
  Win32_Service:
    'AcceptPause AcceptStop Caption CheckPoint DelayedAutoStart Description DesktopInteract DisplayName ErrorControl ExitCode InstallDate Name PathName ProcessId ServiceSpecificExitCode ServiceType Started StartMode StartName State Status TagId WaitHint',
  Win32_OperatingSystem:
    'BootDevice BuildNumber Caption CSName InstallDate LastBootUpTime LocalDateTime Locale Name NumberOfProcesses OSArchitecture OSLanguage ProductType SystemDirectory SystemDrive TotalVisibleMemorySize Version WindowsDirectory',
  Win32_ComputerSystem:
    'Caption Description DNSHostName Domain DomainRole HypervisorPresent Manufacturer Model Name NumberOfLogicalProcessors NumberOfProcessors PartOfDomain Roles Status SystemType TotalPhysicalMemory UserName Workgroup',
  Win32_NetworkAdapterConfiguration:
    'Caption Description DatabasePath DefaultIPGateway DHCPEnabled DHCPServer DNSDomain DNSHostName DNSServerSearchOrder Index InterfaceIndex IPAddress IPEnabled IPSubnet MACAddress ServiceName SettingID',
  'Get-NetTCPConnection':
    'AppliedSetting CreationTime LocalAddress LocalPort OffloadState OwningProcess RemoteAddress RemotePort State',
  'Get-MpComputerStatus':
    'AMRunningMode AMServiceEnabled AntivirusEnabled BehaviorMonitorEnabled IoavProtectionEnabled IsTamperProtected OnAccessProtectionEnabled RealTimeProtectionEnabled RebootRequired',
};

/** What every object of PowerShell's has beside. */
const ALWAYS = ['PSObject', 'CimClass', 'Count'];

/** What a script asks of a documented object and the page does not know, as `$name.Member of Source`. Comments left out. */
export function undocumented(text: string): readonly string[] {
  const code = text.replaceAll(/^\s*#.*$/gm, '');
  const sources = new Map<string, string>();
  // `foreach ($x in Get-…)`, `$x = Get-…`, `$x = @(Get-…)`; a list's members are those of what is in it.
  for (const [, name = '', cmdlet = '', rest = ''] of code.matchAll(
    /\$(\w+) (?:in|=) @?\(?(Get-(?:CimInstance|NetTCPConnection|MpComputerStatus))\b([^\n|]*)/g,
  )) {
    const source = cmdlet === 'Get-CimInstance' ? (/-ClassName (\w+)/.exec(rest)?.[1] ?? '') : cmdlet;
    if (source in DOCUMENTED) sources.set(name, source);
  }
  for (const [, name = '', list = ''] of code.matchAll(/foreach \(\$(\w+) in \$(\w+)\)/g)) {
    const source = sources.get(list);
    if (source !== undefined) sources.set(name, source);
  }
  return [...sources].flatMap(([name, source]) => {
    const known = new Set([...(DOCUMENTED[source]?.split(' ') ?? []), ...ALWAYS]);
    const asked = [...code.matchAll(new RegExp(`\\$${name}\\.(\\w+)`, 'g'))].map(([, member = '']) => member);
    return [...new Set(asked)]
      .filter((member) => !known.has(member))
      .map((member) => `$${name}.${member} of ${source}`);
  });
}
