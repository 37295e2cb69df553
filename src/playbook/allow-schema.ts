import { z } from 'zod';

/** A file of what is the responder's own, so that it is not blamed. Each entry is one of the kinds, and says why. */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in lower case');
const path = z.string().regex(/^\/[^\0]{1,4000}$/, 'a path from /');
const because = z.string().min(1).max(500).describe('Why it is yours: it stands in the transcript');

const entry = z
  .strictObject({
    file: path.optional().describe('A file, with its links resolved; with sha256'),
    sha256: sha256.optional().describe('Of the file’s content, or of the unit’s file; the id of the image'),
    line: z.string().min(1).max(4000).optional().describe('Exactly this line of the file, instead of sha256'),
    package: z.string().min(1).max(200).optional().describe('Files of this package'),
    key: z
      .string()
      .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'a fingerprint as ssh-keygen -l gives it: SHA256:…')
      .optional()
      .describe('An SSH key by its fingerprint'),
    unit: z
      .string()
      .regex(/^[\w@.:\\-]+\.(service|timer|socket|path|mount|target)$/, 'the name of a unit, with its ending')
      .optional()
      .describe('A unit of systemd; with sha256 only as long as its file is that'),
    address: z
      .string()
      .regex(/^[0-9a-f.:]{2,45}$/, 'an IPv4 or IPv6 address')
      .optional()
      .describe('A remote address'),
    image: z
      .string()
      .regex(/^[\w./:@-]{1,300}$/, 'an image as the runtime names it, like registry.example/app:3')
      .optional()
      .describe('Containers of this image; with sha256 only as long as the name stands for that image'),
    account: z.string().min(1).max(64).optional().describe('An account of the host'),
    because,
  })
  .describe('One thing that is yours');

export const allowSchema = z
  .strictObject({ allow: z.array(entry).min(1).max(5000) })
  .describe('tourniquet allow list');

export type AllowFile = z.infer<typeof allowSchema>;
