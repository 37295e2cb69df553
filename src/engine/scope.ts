import type { JsonValue } from '../playbook/playbook.ts';
import type { Incident } from './incident.ts';

/** What `if:` and `${{ … }}` of a playbook can see; documented in playbooks/README.md. */
export function expressionScope(incident: Incident): Record<string, JsonValue> {
  const steps: Record<string, JsonValue> = {};
  for (const step of incident.steps) {
    steps[step.id] = {
      status: step.status,
      found: step.findings?.filter((finding) => finding.verdict !== 'benign').length ?? 0,
      chosen: step.chosen.length,
    };
  }
  return { inputs: incident.inputs, host: { ...incident.host }, steps, incident: { id: incident.id } };
}
