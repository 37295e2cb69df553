/**
 * What goes between us and the PowerShell process, line by line. A call is one line of base64 (JSON with `id`, `name`,
 * `script`, `parameters`); an answer is `TQ1 ID BASE64`. Base64 because neither code pages nor quoting can touch it.
 * Other lines are noise of a module's and are passed over.
 */

export interface CallFrame {
  readonly id: string;
  /** Of the script, for whoever reads along. */
  readonly name: string;
  readonly script: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

export type ParameterValue = string | number | boolean | readonly string[];

export type AnswerFrame =
  | { readonly ok: true; readonly value: readonly unknown[] }
  | { readonly ok: false; readonly message: string; readonly category: string };

export function encodeCall(call: CallFrame): string {
  return `${Buffer.from(JSON.stringify(call), 'utf8').toString('base64')}\n`;
}

/** null: not a frame. `garbled`: it begins like one and holds no answer. */
export function decodeAnswer(
  line: string,
): { readonly id: string; readonly answer: AnswerFrame | 'garbled' } | null {
  const [, id, data] = /^TQ1 (\S{1,64}) ([A-Za-z0-9+/]*={0,2})\s*$/.exec(line) ?? [];
  if (id === undefined || data === undefined)
    return line.startsWith('TQ1 ') ? { id: '', answer: 'garbled' } : null;
  return { id, answer: readAnswer(data) };
}

function readAnswer(data: string): AnswerFrame | 'garbled' {
  try {
    const answer: unknown = JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
    if (typeof answer !== 'object' || answer === null || !('ok' in answer)) return { ok: true, value: [] };
    if (answer.ok === true)
      return {
        ok: true,
        // A list of one comes as a list; nothing comes as an empty one, or as null.
        value: 'value' in answer && Array.isArray(answer.value) ? answer.value : [],
      };
    const { message, category } = answer as { message?: unknown; category?: unknown };
    return { ok: false, message: String(message ?? 'no reason given'), category: String(category ?? '') };
  } catch {
    return 'garbled';
  }
}
