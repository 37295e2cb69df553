// Bundles the demo and runs it.
import { demoBundle } from './demo-bundle.mjs';

await import(await demoBundle());
