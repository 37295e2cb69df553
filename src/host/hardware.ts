import type { HardwareFacts } from './host.ts';
import { askSystemInformation } from './system-information.ts';

let hardware: Promise<HardwareFacts | null> | null = null;

/**
 * Processor, model and hypervisor; null if they cannot be had. Asked once: it does not change under a running process.
 * Only systeminformation knows the many ways in which makers and hypervisors give themselves away.
 */
export function knownHardware(): Promise<HardwareFacts | null> {
  hardware ??= readHardware();
  return hardware;
}

async function readHardware(): Promise<HardwareFacts | null> {
  const answer = await askSystemInformation({
    cpu: 'manufacturer, brand',
    system: 'manufacturer, model, virtual, virtualHost',
  });
  if (answer === null) return null;
  const cpu = fields(answer.cpu);
  const system = fields(answer.system);
  const virtual = system.virtual === true;
  return {
    processor: [cpu.manufacturer, cpu.brand].filter(Boolean).join(' ') || 'unknown',
    model: [system.manufacturer, system.model].filter(Boolean).join(' ') || 'unknown',
    hypervisor: virtual ? String(system.virtualHost || 'unknown') : null,
  };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
