// Bundles the demo and runs it.
import { demoBundle } from './demo-bundle.ts';

await import(await demoBundle());
