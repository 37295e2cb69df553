/** How much an operation or a step can hurt, mildest first. */
export const RISKS = ['read-only', 'reversible', 'disruptive', 'irreversible'] as const;
export type Risk = (typeof RISKS)[number];

/** The greater of the risks; `read-only` for none. */
export function worstRisk(risks: readonly Risk[]): Risk {
  return RISKS[Math.max(0, ...risks.map((risk) => RISKS.indexOf(risk)))] ?? 'read-only';
}

/** Whether `risk` is no greater than `limit`. */
export function isWithin(risk: Risk, limit: Risk): boolean {
  return RISKS.indexOf(risk) <= RISKS.indexOf(limit);
}
