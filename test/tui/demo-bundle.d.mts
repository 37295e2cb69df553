/** Bundles demo.tsx and gives the file to run. */
export function demoBundle(): Promise<string>;
