/**
 * The shape of what the scripts answer, checked before anything is made of it: their texts are the host's. One row that
 * does not fit is left out and counted; a script whose answer is no list at all has failed.
 */
import { z } from 'zod';

const text = z.string().max(256 * 1024);
const count = z.number().int().nonnegative();
const filetime = z.string().regex(/^\d{1,20}$/);

export const ROWS = {
  'scan/facts': z.object({
    hostname: text,
    caption: text,
    version: text,
    architecture: text,
    boot: filetime,
    upSeconds: z.number(),
    cores: count,
    memoryBytes: z.string().regex(/^\d+$/),
    isElevated: z.boolean(),
    account: text,
    rid: z.number().int(),
    hypervisorPresent: z.boolean(),
    model: text,
    protectedPids: z.array(count),
    peers: z.array(z.object({ address: text, port: count, localPort: count })),
    /** Connections to Remote Desktop, where one comes over it and nothing says which is one's own. */
    desktops: count,
    hasFirewall: z.boolean(),
  }),
  'scan/processes': z.object({
    pid: count,
    parentPid: count,
    created: filetime.nullable(),
    name: text,
    path: text,
    commandLine: text,
    sessionId: count,
    owner: text.nullable(),
    cpuPercent: z.number().nullable(),
    signature: text,
    signer: text,
  }),
  'scan/connections': z.object({
    pid: count,
    localAddress: text,
    localPort: count,
    remoteAddress: text,
    remotePort: count,
    state: text,
    isIncoming: z.boolean(),
  }),
  'scan/hosts-file': z.object({
    path: text,
    bytes: z.base64().max(4 * 1024 * 1024),
    isUsualPlace: z.boolean(),
  }),
  'scan/scheduled-tasks': z.object({
    path: text,
    name: text,
    state: text,
    author: text,
    user: text,
    isHiddenFlag: z.boolean(),
    isListed: z.boolean(),
    hasDescriptor: z.boolean(),
    actions: z.array(z.object({ kind: text, execute: text, arguments: text, folder: text })),
  }),
  'scan/run-keys': z.object({
    key: text,
    name: text,
    data: text,
    kind: z.enum(['run', 'winlogon', 'appinit', 'debugger']),
  }),
  'scan/services': z.object({
    name: text,
    displayName: text,
    pathName: text,
    library: text,
    startMode: text,
    state: text,
    account: text,
    pid: count,
  }),
  'scan/wmi-subscriptions': z.object({
    filter: text,
    query: text,
    consumer: text,
    class: text,
    command: text,
  }),
  'scan/startup-folders': z.object({ path: text, starts: text, arguments: text }),
  'scan/defender': z.object({
    exclusionPath: z.array(text),
    exclusionProcess: z.array(text),
    exclusionExtension: z.array(text),
    switchedOff: z.array(text),
    isRunning: z.boolean(),
    mode: text,
  }),
  'scan/firewall-profiles': z.object({
    name: text,
    enabled: text,
    inbound: text,
    outbound: text,
    localRules: text,
  }),
  'scan/accounts': z.object({
    name: text,
    sid: text,
    rid: z.number().int(),
    isEnabled: z.boolean(),
    isAdministrator: z.boolean(),
    passwordRequired: z.boolean(),
    passwordChanged: filetime.nullable(),
    lastLogon: filetime.nullable(),
  }),
  'scan/sessions': z.object({
    id: count,
    account: text,
    isActive: z.boolean(),
    isRemote: z.boolean(),
    client: text,
    leaderPid: count,
    leaderCreated: filetime,
    isOwn: z.boolean(),
  }),
  'scan/await-change': z.object({ kind: z.enum(['process', 'file']), pid: count, name: text, path: text }),
  'scan/remote-desktop': z.object({ isOn: z.boolean(), asksFirst: z.boolean(), port: count }),
  'scan/php-cgi': z.object({
    path: text,
    version: text,
    codePage: text,
    isServerRunning: z.boolean(),
    settings: z.array(z.object({ path: text, line: count, text })),
  }),
  'scan/files': z.object({
    path: text,
    sizeBytes: z.string().regex(/^\d+$/),
    created: filetime,
    written: filetime,
    attributes: z.number().int(),
    isLink: z.boolean(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable(),
  }),
  'scan/updates': z.object({ id: text, title: text, severity: text, articles: z.array(text) }),
} as const;

export type RowName = keyof typeof ROWS;
export type RowOf<N extends RowName> = z.infer<(typeof ROWS)[N]>;
