import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The argv of the built program, on the Node that runs this. `npm run benchmark` builds it first. */
export const tourniquet: readonly string[] = [process.execPath, join(root, 'dist', 'main.js')];
