/**
 * Runs systeminformation in a thread of its own (see system-information.ts): it starts shells that follow PATH,
 * and some of its calls block. Here both the environment is a clean one and the main thread goes on.
 */
import { parentPort, workerData } from 'node:worker_threads';
import si from 'systeminformation';

const answer = await si.get(workerData as Record<string, string>);
// Through JSON: what it returns may hold functions and undefined, which cannot be sent.
parentPort?.postMessage(JSON.stringify(answer));
