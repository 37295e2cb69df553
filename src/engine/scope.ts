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
  const { cloud, ...known } = incident.host;
  const host = {
    ...known,
    cloudMachine: cloud?.machine ?? '',
    cloudZone: cloud?.zone ?? '',
    cloudGroup: cloud?.group ?? '',
  };
  return { inputs: incident.inputs, host, steps, incident: { id: incident.id } };
}
