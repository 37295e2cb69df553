/** The walk in a thread of its own (see program-walk.ts): it goes on beside everything else that is read. */
import { parentPort, workerData } from 'node:worker_threads';
import { rememberSilent } from '../silent-mounts.ts';
import { type WalkRequest, walkPrograms } from './walk-programs.ts';

const { silent, ...request } = workerData as WalkRequest & { readonly silent: readonly string[] };
rememberSilent(silent);
parentPort?.postMessage(walkPrograms(request));
