import type { CalledCloud, CloudRequest, CloudValue } from './cloud.ts';
import { shellCommand } from './shell-quote.ts';

/** The same call as a person would type it, with the provider's own command line tool. */
export function cloudCommand(provider: CalledCloud, request: CloudRequest): string {
  const { service, action, region, parameters } = request;
  if (provider === 'aws') {
    // https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-skeleton.html: any command takes its parameters as JSON.
    const verb = action.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
    const json = JSON.stringify(parameters, (_, value) => reference(value) ?? value);
    const where = service === 'iam' ? [] : ['--region', region];
    return shellCommand(['aws', service, verb, ...where, '--cli-input-json', json]);
  }
  const words = Object.entries(flatten(parameters)).flatMap(([name, value]) => [`--${name}`, value]);
  return shellCommand(['aliyun', service, action, '--region', region, ...words]);
}

/** As Alibaba's RPC style has parameters: lists as `Name.1`, members behind a dot, all as text. */
export function flatten(value: CloudValue, name = ''): Record<string, string> {
  const told = reference(value);
  if (told !== null) return { [name]: told };
  if (value === null) return {};
  if (typeof value !== 'object') return { [name]: String(value) };
  const parts = Array.isArray(value)
    ? value.map((part, index) => [String(index + 1), part as CloudValue] as const)
    : Object.entries(value);
  return Object.assign(
    {},
    ...parts.map(([part, inner]) => flatten(inner, name === '' ? part : `${name}.${part}`)),
  ) as Record<string, string>;
}

/** How a value that is only known later is shown; null for any other. */
function reference(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { $result, $after } = value as { $result?: unknown; $after?: unknown };
  if (typeof $result === 'string') return `<${$result} of the answer before>`;
  return typeof $after === 'string' ? `<${$after} as it was looked up>` : null;
}
