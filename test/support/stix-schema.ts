import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { npmPackage } from './npm-package.ts';

const BUNDLE = 'oasis-open/cti-stix2-json-schemas/stix2.1/schemas/common/bundle.json';

/**
 * A bundle of STIX 2.1, by the schemas that OASIS publishes (oasis-open/cti-stix2-json-schemas), as the package of
 * stixview carries them.
 */
export function stixSchema(): ValidateFunction {
  const folder = npmPackage(
    'stixview@1.3.2',
    'g9JZmdJpWlRQpyehz/m6jpXtwUUpzxtfh2+H1IfqvZjzosGnhzs601Ji4QDHBbJ1ZfAOIjbWkghmhf1QVHRiag==',
  );
  // They are older than the validator's strictness, which is about how a schema is written, and than its patterns.
  const ajv = new Ajv({
    strict: false,
    unicodeRegExp: false,
    formats: { uri: URL.canParse, email: true, 'idn-hostname': true },
  });
  const schemas = join(folder, 'src/stix2-schemas');
  for (const name of readdirSync(schemas, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.json')) ajv.addSchema(JSON.parse(readFileSync(join(schemas, name), 'utf8')));
  const validate = ajv.getSchema(`http://raw.githubusercontent.com/${BUNDLE}`);
  if (validate === undefined) throw new Error('there is no schema of a bundle in it');
  return validate;
}
