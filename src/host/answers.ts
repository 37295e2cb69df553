/**
 * The shape of what an agent answers, checked before anything is made of it: the agent is on the host that is
 * responded to. Checked is what the rest of the program relies on without looking; fields that are not named
 * here pass as they are. A wrong one throws UserError `host-answer`.
 */
import { z } from 'zod';
import type { ChangeReport } from '../findings/change-sign.ts';
import { VERDICTS } from '../findings/finding.ts';
import { SCAN_SCOPES, type ScanOutcome } from '../findings/scan.ts';
import type { OperationKind } from '../operations/operation.ts';
import type { OperationOutcome, Prepared, Verification } from '../operations/receipt.ts';
import { printable } from '../text/printable.ts';
import { UserError } from '../text/user-error.ts';
import type { HostFacts } from './host.ts';

const text = z.string().max(1024 * 1024);
const nullableText = text.nullable();
const count = z.number().int().nonnegative();

const facts = z.looseObject({
  hostname: text,
  platform: z.enum(['linux', 'win32', 'darwin']),
  distribution: text,
  kernel: text,
  architecture: text,
  bootId: text,
  upSeconds: z.number(),
  cores: count,
  loadAverage: z.number(),
  memoryBytes: count,
  isRoot: z.boolean(),
  user: text,
  serviceManager: z.enum(['systemd', 'systemd-offline', 'openrc', 'none']),
  firewall: z.enum(['nft', 'iptables', 'windows', 'none']),
  packageManager: z.enum(['apt', 'dnf', 'zypper', 'apk', 'none']),
  container: nullableText,
  responder: z.looseObject({
    peerAddress: nullableText,
    peerPort: count.nullable(),
    localPort: count.nullable(),
    account: text,
    uid: z.number().int(),
    protectedPids: z.array(count),
    keyFingerprint: nullableText,
  }),
  tools: z.record(text, z.looseObject({ path: text, sha256: text })),
  isDrill: z.boolean(),
});

const finding = z.looseObject({
  id: text,
  subject: z.looseObject({ kind: text }),
  title: text,
  verdict: z.enum(VERDICTS),
  score: z.number().min(0).max(100),
  reasons: z.array(z.looseObject({ code: text, text, weight: z.number() })),
  places: z.array(z.looseObject({ path: text })),
  attack: z.array(text),
  owner: nullableText,
  related: z.array(text),
});

const scan = z.looseObject({
  findings: z.array(finding),
  unknowns: z.array(z.looseObject({ scope: z.enum(SCAN_SCOPES), what: text, reason: text })),
  counts: z.partialRecord(z.enum(SCAN_SCOPES), count),
  tookMs: z.number(),
});

const changes = z.looseObject({
  signs: z
    .array(
      z.discriminatedUnion('kind', [
        z.looseObject({ kind: z.literal('file'), path: text }),
        z.looseObject({ kind: z.literal('process'), pid: count, name: text }),
        z.looseObject({ kind: z.literal('listener'), port: count }),
        z.looseObject({ kind: z.literal('dropped'), address: text, packets: count }),
      ]),
    )
    .max(1000),
  cpuMs: z.number(),
  noticed: count,
  polled: count,
});

const evidence = z.array(
  z.looseObject({ name: text, sha256: z.string().regex(/^[0-9a-f]{64}$/), sizeBytes: count, source: text }),
);
const receipt = z.looseObject({ kind: text });

const prepared = z.discriminatedUnion('status', [
  z.looseObject({ status: z.literal('ready'), receipt, evidence }),
  z.looseObject({
    status: z.literal('refused'),
    refusal: z.looseObject({
      code: z.enum(['stale', 'responder', 'unavailable', 'evidence', 'invalid']),
      message: text,
    }),
  }),
]);

const outcome = z.looseObject({
  status: z.enum(['done', 'failed']),
  receipt,
  evidence,
  message: text,
  exitCode: z.number().int().nullable(),
  confirmBefore: z.number().nullable(),
});

const verification = z.looseObject({
  status: z.enum(['holds', 'does-not-hold', 'in-progress', 'unknown']),
  detail: text,
});

export function checkFacts(answer: unknown): HostFacts {
  return check<HostFacts>('facts', facts, answer);
}

export function checkScan(answer: unknown): ScanOutcome {
  return check<ScanOutcome>('scan', scan, answer);
}

export function checkChanges(answer: unknown): ChangeReport {
  return check<ChangeReport>('await-change', changes, answer);
}

export function checkPrepared(answer: unknown, kind: OperationKind): Prepared {
  const checked = check<Prepared>('prepare', prepared, answer);
  if (checked.status === 'ready') checkKind('prepare', checked.receipt.kind, kind);
  return checked;
}

export function checkOutcome(answer: unknown, kind: OperationKind): OperationOutcome {
  const checked = check<OperationOutcome>('outcome', outcome, answer);
  checkKind('outcome', checked.receipt.kind, kind);
  return checked;
}

export function checkVerification(answer: unknown): Verification {
  return check<Verification>('verify', verification, answer);
}

function check<T>(what: string, schema: z.ZodType, answer: unknown): T {
  const result = schema.safeParse(answer);
  if (result.success) return answer as T;
  const issue = result.error.issues[0];
  throw wrongAnswer(what, `${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'wrong'}`);
}

function checkKind(what: string, kind: string, expected: OperationKind): void {
  if (kind !== expected) throw wrongAnswer(what, `receipt.kind: ${kind} where ${expected} was asked for`);
}

function wrongAnswer(what: string, detail: string): UserError {
  return new UserError(
    'host-answer',
    `The host answered "${what}" with something that cannot be: ${printable(detail)}.`,
    {
      hint: 'The agent there is of another version, or it is not ours. Nothing was made of the answer.',
    },
  );
}
