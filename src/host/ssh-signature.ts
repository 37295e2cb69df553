/**
 * Signatures by the responder's SSH key, made and checked by `ssh-keygen -Y` (ssh-keygen(1)): keys in files, in an
 * agent and on hardware alike. The private key is never read here.
 */
import { runTool } from './run-tool.ts';

/** Signatures made for anything else are no signatures of an incident. */
const NAMESPACE = 'tourniquet';
/** Somebody may have to touch a hardware key first. */
const SIGN_TIMEOUT_MS = 120_000;

export type Signed =
  | { readonly status: 'signed'; readonly signature: string }
  | { readonly status: 'failed'; readonly detail: string };

/** `keyFile` is a private key, or the public one of a key that the agent holds. */
export async function signText(
  text: string,
  keyFile: string,
  agentSocket: string | undefined,
): Promise<Signed> {
  const result = await runTool(['ssh-keygen', '-Y', 'sign', '-n', NAMESPACE, '-f', keyFile], {
    input: text,
    timeoutMs: SIGN_TIMEOUT_MS,
    environment: agentSocket === undefined ? {} : { SSH_AUTH_SOCK: agentSocket },
  });
  const signature = result.stdout.toString('utf8');
  if (result.exitCode === 0 && signature.startsWith('-----BEGIN SSH SIGNATURE-----')) {
    return { status: 'signed', signature };
  }
  return { status: 'failed', detail: result.failedToStart ?? lastLine(result.stderr) };
}

/** The public keys that the agent holds, one a line; none if there is no agent. */
export async function agentKeys(agentSocket: string | undefined): Promise<readonly string[]> {
  if (agentSocket === undefined) return [];
  const result = await runTool(['ssh-add', '-L'], { environment: { SSH_AUTH_SOCK: agentSocket } });
  if (result.exitCode !== 0) return [];
  return result.stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

export interface SignatureCheck {
  readonly isGood: boolean;
  /** `SHA256:…`; null if it is not good. */
  readonly fingerprint: string | null;
  /** Whose key it is by the allowed signers; null if none were given or it is nobody's. */
  readonly signer: string | null;
  readonly detail: string;
}

/** Checks the signature in a file; with `allowedSigners` (a file, see ssh-keygen(1)) also whose it is. */
export async function checkSignature(
  text: string,
  signatureFile: string,
  allowedSigners: string | null,
): Promise<SignatureCheck> {
  const about = ['-n', NAMESPACE, '-s', signatureFile];
  const checked = await runTool(['ssh-keygen', '-Y', 'check-novalidate', ...about], { input: text });
  const fingerprint = / (SHA256:\S+)/.exec(checked.stdout.toString('utf8'))?.[1] ?? null;
  if (checked.exitCode !== 0 || fingerprint === null) {
    const detail = checked.failedToStart ?? lastLine(checked.stderr);
    return { isGood: false, fingerprint: null, signer: null, detail };
  }
  const good = { isGood: true, fingerprint, signer: null, detail: 'good' };
  if (allowedSigners === null) return good;
  const found = await runTool(
    ['ssh-keygen', '-Y', 'find-principals', '-s', signatureFile, '-f', allowedSigners],
    { input: text },
  );
  const [signer = ''] = found.stdout.toString('utf8').split('\n');
  if (found.exitCode !== 0 || signer === '') {
    return { ...good, isGood: false, detail: 'the key is not among the allowed signers' };
  }
  const verified = await runTool(
    ['ssh-keygen', '-Y', 'verify', ...about, '-f', allowedSigners, '-I', signer],
    { input: text },
  );
  if (verified.exitCode === 0) return { ...good, signer };
  return { ...good, isGood: false, detail: lastLine(verified.stderr) };
}

function lastLine(bytes: Buffer): string {
  return bytes.toString('utf8').trim().split('\n').at(-1) || 'ssh-keygen said nothing';
}
