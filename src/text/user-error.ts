/**
 * A mistake or a circumstance that the responder can do something about, as opposed to a bug.
 * `message` says what happened and what it means; `hint` says what to do next. Branch on `code`, never on text.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
