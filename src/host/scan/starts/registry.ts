import { atJobs } from './at-spool.ts';
import { initScripts } from './init-scripts.ts';
import { rcLocal } from './rc-local.ts';
import type { StartReader } from './start-reader.ts';
import { systemdGenerators } from './systemd-generators.ts';

/** One reader a mechanism. Adding one is adding a file, a line here, and its row in findings/mechanisms.ts. */
export const START_READERS: readonly StartReader[] = [atJobs, initScripts, rcLocal, systemdGenerators];
