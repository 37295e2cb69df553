import { lstat } from 'node:fs/promises';
import { manifestText } from '../../bundle/layout.ts';
import { unpackBundle } from '../../bundle/unpack-bundle.ts';
import { addCustody } from '../../journal/custody-file.ts';
import { safeJson } from '../../text/json.ts';
import { printable } from '../../text/printable.ts';
import { UserError } from '../../text/user-error.ts';
import { commandToType } from '../command-words.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openBundle } from './bundle-file.ts';
import { checkBundleSignature, signatureText } from './bundle-signature.ts';

export interface ImportOptions {
  readonly identity?: string;
  readonly allowedSigners?: string;
}

/** `tourniquet import BUNDLE`: somebody else's incident among one's own, to be read. Only if all of it fits. */
export async function importVerb(
  context: CliContext,
  path: string,
  options: ImportOptions,
): Promise<ExitCode> {
  if (!(await lstat(path).catch(() => null))) {
    throw new UserError('no-such-bundle', `There is no file ${path}.`);
  }
  const source = await openBundle(path, options.identity);
  let signed = '';
  const { folder, check } = await unpackBundle(source, context.root, async (bundle, draft) => {
    const text = manifestText(bundle.about.incidentId, bundle.manifestSha256);
    const signature = await checkBundleSignature(text, bundle.signature, options.allowedSigners ?? null);
    if (signature !== null && !signature.isGood) {
      throw new UserError('bad-signature', `The bundle's signature is not good: ${signature.detail}.`, {
        hint: 'Nothing was imported. Ask whoever sent it.',
      });
    }
    if (signature === null && options.allowedSigners !== undefined) {
      throw new UserError('bad-signature', 'The bundle is not signed, and a signer was asked for.', {
        hint: 'Nothing was imported. Without --allowed-signers it is.',
      });
    }
    signed = signatureText(signature);
    const detail = `manifest ${bundle.manifestSha256}; ${signed}`;
    const at = new Date().toISOString();
    for (const entry of bundle.handOvers) await addCustody(draft, entry);
    await addCustody(draft, { at, from: 'a bundle', to: context.responder, what: 'imported', detail });
  });
  const { incidentId } = check.about;
  if (context.json) {
    const { files, manifestSha256 } = check;
    context.stdout.write(
      `${safeJson({ incidentId, folder: folder.path, files, manifestSha256, signature: signed }, 2)}\n`,
    );
  } else {
    context.stdout.write(
      `${printable(folder.path)}\n${check.files} files, all as the manifest and the journal say; ${printable(signed)}.\n` +
        `\`${commandToType(context, `resume ${incidentId}`)}\` reads it; nothing can be done in it.\n`,
    );
  }
  return EXIT.done;
}
