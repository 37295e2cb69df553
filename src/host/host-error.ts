/**
 * What an operation met on the host and cannot go on with: no bug of ours, and told as it stands. `message` is a sentence, or
 * completes one. A plain `Error` in host/ is a bug: it ends the run.
 */
export class HostError extends Error {
  override readonly name = 'HostError';
}
