import type { CloudMachine, CloudQuestion, CloudRequest, CloudValue } from '../operations/cloud.ts';

/** One cloud, as its API is spoken: one adapter each beside this file. */
export interface CloudProvider {
  /** Rejects with CloudError; throttled and broken-off calls have been tried again before. */
  call(request: CloudRequest, signal?: AbortSignal): Promise<CloudValue>;
  /** Reads only. Rejects with CloudError. */
  machine(question: CloudQuestion): Promise<CloudMachine>;
}

/** A call that did not come to anything. `message` is for the responder: what happened, what to do. */
export class CloudError extends Error {
  override readonly name = 'CloudError';
  /** `credentials` and `network`: nothing can be called at all; a person can still do it by hand. */
  readonly kind: 'credentials' | 'network' | 'permission' | 'throttled' | 'missing' | 'refused';
  /** As the provider has it, e.g. `InvalidSnapshot.NotFound`. */
  readonly code: string;

  constructor(kind: CloudError['kind'], code: string, message: string) {
    super(message);
    this.kind = kind;
    this.code = code;
  }
}
