import { isSecretName, jsonMayHoldSecret, redact } from './redact.ts';

/**
 * A value as JSON for whoever is outside: secrets redacted (also by the name they stand under) and everything
 * that is not printable ASCII written as `\uXXXX`, so that it loses nothing and is safe on a terminal.
 * Lone surrogates (bytes that were no UTF-8) come through as `\udcXX`. `indent` 0: one line.
 */
export function safeJson(value: unknown, indent = 0): string {
  const raw = JSON.stringify(value, null, indent) ?? 'null';
  const text = jsonMayHoldSecret(raw)
    ? (JSON.stringify(value, (name, inner: unknown) => redactValue(name, inner), indent) ?? 'null')
    : raw;
  return text.replace(/[^\x20-\x7e\n]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function redactValue(name: string, value: unknown): unknown {
  if (typeof value !== 'string' || value === '') return value;
  return isSecretName(name) && !value.startsWith('[redacted ') ? '[redacted password]' : redact(value);
}
