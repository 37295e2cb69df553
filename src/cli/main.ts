import { showSkeleton, wantsSkeleton } from './skeleton.ts';

// Nothing else is loaded before it: whoever waits sees at once that it comes.
if (wantsSkeleton(process.argv.slice(2), process.env)) showSkeleton();

await import('./start.ts');
