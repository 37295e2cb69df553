import { z } from 'zod';

/**
 * A file of indicators: what is known of miners and of those who bring them, with the source of each entry.
 * `describe` texts end up in the JSON Schema that editors read.
 */

const SOURCE_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
/** One value or several that come from the same source. */
const values = (one: z.ZodType<string | number>, what: string) =>
  z
    .array(
      z.strictObject({
        values: z.union([one, z.array(one).min(1).max(500)]).describe(what),
        who: z
          .string()
          .min(1)
          .max(80)
          .optional()
          .describe('Who or what is known by it, for the reason shown'),
        source: z
          .union([z.string(), z.array(z.string()).min(1).max(8)])
          .describe('Where it is written: keys of `sources`'),
      }),
    )
    .max(2000);
const text = (pattern: RegExp, expected: string) => z.string().regex(pattern, expected);

const name = text(/^[^/\s]{2,255}$/, 'a file name: 2 or more characters, no slash, no blank');
const glob = text(/^[^/]{2,100}$/, 'a name: 2 or more characters, no slash; * ? and [0-9] as in a shell');
const domain = text(
  /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/,
  'a domain or a part of one, in lower case',
);
const address = text(
  /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]+|[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/,
  'an address or a whole domain, in lower case',
);
const image = text(/^[a-z0-9*][\w.*/:@?-]{2,200}$/, 'the name of an image; * and ? as in a shell');
/** Literal characters, classes and exact counts: such a pattern is matched in linear time. */
const shape = text(
  /^(?:(?:\[[A-Za-z0-9-]+\]|[A-Za-z0-9])(?:\{[1-9]\d{0,2}\})?){2,40}$/,
  'characters, classes like [0-9AB] and counts like {93}, nothing else',
);

export const indicatorSchema = z
  .strictObject({
    name: text(SOURCE_NAME, 'a name in lower case: letters, digits, hyphens').describe('Named in reasons'),
    title: z.string().min(1).max(200),
    sources: z
      .record(
        z.string().regex(SOURCE_NAME, 'a name in lower case'),
        z.url({ protocol: /^https?$/, error: 'the address of a page, https://…' }),
      )
      .describe('Where things are written: a short name and its address'),
    names: values(name, 'Names of programs').optional(),
    'program-words': values(z.string().min(4).max(100), 'Words in a program file').optional(),
    texts: values(z.string().min(4).max(100), 'Words in a command or a short script').optional(),
    options: values(
      text(/^--?[A-Za-z][\w-]*\*?(?:=[\w/.-]*)?$/, 'an option like --coin=monero or --randomx-*'),
      'Options of programs, with the beginning of their value behind =',
    ).optional(),
    wallets: values(shape, 'Shapes of wallets').optional(),
    pools: values(domain, 'Domains of pools; a word without a dot stands for any domain with it').optional(),
    ports: values(z.int().min(1).max(65_535), 'Ports that pools offer: weak by themselves').optional(),
    hosts: values(address, 'Addresses and domains that intruders control').optional(),
    hashes: values(text(/^[0-9a-f]{64}$/, 'a sha256 in lower case'), 'sha256 of bad files').optional(),
    paths: values(text(/^\/[^\0]{1,4000}$/, 'a path from /'), 'Paths of bad files').optional(),
    folders: values(glob, 'Names of folders that hide').optional(),
    preloads: values(name, 'File names of preloaded libraries').optional(),
    'key-comments': values(z.string().min(3).max(200), 'Part of the comment of an SSH key').optional(),
    accounts: values(name, 'Accounts that intruders make').optional(),
    images: values(image, 'Container images').optional(),
    'renamed-tools': values(name, 'What curl and wget are renamed to').optional(),
    'update-domains': values(domain, 'Where updates come from').optional(),
    'security-domains': values(domain, 'What protects hosts').optional(),
  })
  .describe('tourniquet indicators');

export type IndicatorFile = z.infer<typeof indicatorSchema>;

/** The keys of a file that hold entries, in the order of the schema. */
export const INDICATOR_KINDS = [
  'names',
  'program-words',
  'texts',
  'options',
  'wallets',
  'pools',
  'ports',
  'hosts',
  'hashes',
  'paths',
  'folders',
  'preloads',
  'key-comments',
  'accounts',
  'images',
  'renamed-tools',
  'update-domains',
  'security-domains',
] as const satisfies readonly (keyof IndicatorFile)[];
