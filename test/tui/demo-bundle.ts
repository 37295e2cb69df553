import { fileURLToPath } from 'node:url';
import { bundleProgram } from '../support/bundle-program.ts';

/** Bundles demo.tsx and gives the file to run. */
export function demoBundle(): Promise<string> {
  return bundleProgram(fileURLToPath(new URL('demo.tsx', import.meta.url)));
}
