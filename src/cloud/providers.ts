import type { CalledCloud } from '../operations/cloud.ts';
import type { CloudProvider } from './provider.ts';

const made = new Map<CalledCloud, Promise<CloudProvider>>();

/** Their libraries are large: each is loaded with the first call. */
export function cloudProvider(name: CalledCloud): Promise<CloudProvider> {
  const provider = made.get(name) ?? make[name]();
  made.set(name, provider);
  return provider;
}

const make: Readonly<Record<CalledCloud, () => Promise<CloudProvider>>> = {
  aws: async () => (await import('./aws.ts')).awsProvider(),
  alibaba: async () => {
    // Its library asks by url.parse(), and Node would say so in the middle of the screen.
    process.noDeprecation = true;
    return (await import('./alibaba.ts')).alibabaProvider();
  },
};
