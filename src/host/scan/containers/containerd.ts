import type { ObservedContainer } from '../../../findings/observed-container.ts';
import { decodeHostBytes } from '../../../text/host-bytes.ts';
import { type Look, listFolder, note, readBytes, readLines } from '../look.ts';
import { type BoltBucket, openBolt } from './bolt-database.ts';
import { type ContainerReader, stateOf } from './container-reader.ts';
import { at, type Json, readJson, textAt } from './json-state.ts';
import { readSpec } from './oci-spec.ts';

const STATES = [
  '/run/containerd/io.containerd.runtime.v2.task',
  '/run/k3s/containerd/io.containerd.runtime.v2.task',
  // Kinsing and TeamTNT bring a containerd of their own, so as not to be seen by docker.
  '/var/run/containerd/io.containerd.runtime.v2.task',
];

/**
 * What containerd runs: STATE/NAMESPACE/ID/config.json, the OCI specification, with its labels as annotations. Those
 * of docker (namespace `moby`) are read from docker’s own state. What is stopped is only in its database: v1/NAMESPACE/
 * containers/ID, with the specification as a protobuf Any of JSON (containerd, metadata/buckets.go).
 */
export const containerd: ContainerReader = {
  runtimes: ['containerd', 'nerdctl'],
  *read(look) {
    const done = new Set<string>();
    for (const state of STATES) {
      for (const namespace of listFolder(look, 'containers', state)) {
        if (namespace === 'moby') continue;
        for (const id of listFolder(look, 'containers', `${state}/${namespace}`)) {
          const container = readContainer(look, `${state}/${namespace}/${id}`, id);
          if (container === null || done.has(id)) continue;
          done.add(id);
          yield container;
        }
      }
    }
    for (const path of DATABASES) {
      for (const container of stoppedIn(look, path)) {
        if (done.has(container.container.id)) continue;
        done.add(container.container.id);
        yield container;
      }
    }
  },
};

const DATABASES = [
  '/var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db',
  '/var/lib/rancher/k3s/agent/containerd/io.containerd.metadata.v1.bolt/meta.db',
];
const LARGEST_DATABASE = 64 * 1024 * 1024;

function stoppedIn(look: Look, path: string): ObservedContainer[] {
  const file = readBytes(look, 'containers', path, LARGEST_DATABASE);
  if (file === null) return [];
  const found: ObservedContainer[] = [];
  try {
    for (const namespace of inBucket(openBolt(file.bytes), 'v1')) {
      if (!('bucket' in namespace) || namespace.key === 'moby') continue;
      for (const one of inBucket(namespace.bucket, 'containers'))
        if ('bucket' in one) found.push(containerOf(look, path, one.key, one.bucket));
    }
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError)
      look.unknowns.push({ scope: 'containers', what: path, reason: `it cannot be read: ${error.message}` });
    else note(look, 'containers', path, error);
  }
  return found;
}

function* inBucket(bucket: BoltBucket, name: string): ReturnType<BoltBucket['entries']> {
  for (const entry of bucket.entries())
    if (entry.key === name && 'bucket' in entry) yield* entry.bucket.entries();
}

function containerOf(look: Look, path: string, id: string, bucket: BoltBucket): ObservedContainer {
  const values = new Map<string, Buffer>();
  for (const entry of bucket.entries()) if ('value' in entry) values.set(entry.key, entry.value);
  const labels = new Map<string, string>();
  for (const entry of inBucket(bucket, 'labels'))
    if ('value' in entry) labels.set(entry.key, decodeHostBytes(entry.value));
  const any = values.get('spec') ?? Buffer.alloc(0);
  // What stands before the JSON is its type and its length; behind it stands nothing.
  const from = any.indexOf('{');
  const spec: Json =
    from < 0 ? null : JSON.parse(decodeHostBytes(any.subarray(from, any.lastIndexOf('}') + 1)));
  const name = labels.get('nerdctl/name') ?? labels.get('io.kubernetes.container.name') ?? id;
  return {
    ...stateOf(look, path),
    container: {
      id,
      name,
      runtime: labels.has('nerdctl/name') ? 'nerdctl' : 'containerd',
      image: decodeHostBytes(values.get('image') ?? Buffer.alloc(0)),
      restartPolicy: labels.get('containerd.io/restart.policy') ?? null,
      stateFolder: path.slice(0, path.lastIndexOf('/')),
    },
    isRunning: null,
    pid: null,
    ...readSpec(spec),
  };
}

function readContainer(look: Look, stateFolder: string, id: string): ObservedContainer | null {
  const path = `${stateFolder}/config.json`;
  const spec = readJson(look, path);
  if (spec === null) return null;
  const annotations = at(spec, 'annotations');
  const pid = Number(readLines(look, 'containers', `${stateFolder}/init.pid`)?.[0] ?? 0);
  return {
    ...stateOf(look, path),
    container: {
      id,
      name: textAt(annotations, 'nerdctl/name') || textAt(annotations, 'io.kubernetes.cri.container-name'),
      runtime: textAt(annotations, 'nerdctl/name') === '' ? 'containerd' : 'nerdctl',
      image: textAt(annotations, 'io.kubernetes.cri.image-name') || textAt(annotations, 'nerdctl/image-name'),
      restartPolicy: null,
      stateFolder,
    },
    isRunning: pid > 0 ? true : null,
    pid: pid > 0 ? pid : null,
    ...readSpec(spec),
  };
}
