/** When the scripted incident was opened. */
export const OPENED_MS = Date.UTC(2026, 10, 23, 4, 12, 0);
