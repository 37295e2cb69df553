import type { StartCommand } from '../../../findings/start-script.ts';
import type { StartTrait } from '../../../findings/start-traits.ts';
import { numberedLines } from '../../../text/numbered-lines.ts';
import { baseOf, type ParsedStart, placesIn, type StartReader, type StartText } from './start-reader.ts';

/** The kubelet's default, kubeadm's, k3s's and RKE2's folders; what is laid there runs, and comes back when it is ended. */
const FOLDERS = [
  '/etc/kubernetes/manifests',
  '/etc/kubelet.d',
  '/var/lib/rancher/k3s/server/manifests',
  '/var/lib/rancher/k3s/agent/pod-manifests',
  '/var/lib/rancher/rke2/server/manifests',
  '/var/lib/rancher/rke2/agent/pod-manifests',
];

/** Pods that the kubelet starts from files, asking no API server (kubernetes.io, “Create static Pods”). */
export const staticPods: StartReader = {
  mechanism: 'static-pod',
  *list(look, scope) {
    for (const folder of FOLDERS)
      yield* placesIn(look, scope, folder, { as: 'file', parse: parsePod, name: /^[^.].*\.(ya?ml|json)$/ });
  },
};

/** `command:` or `args:`, with its words behind it or on the lines that follow. */
const LIST = /^\s*(?:-\s+)?["']?(command|args)["']?\s*:\s*(\[.*)?$/;
const ITEM = /^\s*(?:-\s+(.+)|(["'].*["']))$/;
const WORDS = /"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s,[\]]+/g;

/** Read line by line, as YAML and JSON are mostly written: each image, and the words of `command` and `args` as one command. */
function parsePod({ text }: StartText): ParsedStart {
  const commands: StartCommand[] = [];
  const traits: StartTrait[] = [];
  let open: { readonly line: number; readonly words: string[] } | null = null;
  const end = (): void => {
    if (open !== null && open.words.length > 0)
      commands.push({ text: open.words.map(quoted).join(' '), line: open.line });
    open = null;
  };
  for (const { line: whole, number: line } of numberedLines(text)) {
    const text = whole.trimEnd().replace(/,$/, '');
    const image = /^\s*(?:-\s+)?["']?image["']?\s*:\s*["']?([^"'\s]+)/.exec(text)?.[1];
    // What it is called, as the name of a program: xmrig/xmrig:latest is one.
    if (image !== undefined) commands.push({ text: baseOf(image).replace(/[:@].*$/, ''), line });
    if (/^\s*["']?path["']?\s*:\s*["']?\/["']?$/.test(text))
      traits.push({ code: 'host-root', what: 'hostPath /', line });
    const list = LIST.exec(text);
    const item = ITEM.exec(text);
    if (list !== null) {
      if (list[1] === 'command') end();
      open ??= { line, words: [] };
      open.words.push(...(list[2]?.match(WORDS) ?? []).map(unquoted));
    } else if (open !== null && item !== null && !/^\s*-\s+\w+\s*:(\s|$)/.test(text)) {
      open.words.push(unquoted(item[1] ?? item[2] ?? ''));
    } else if (!/^\s*\]?$/.test(text)) end();
  }
  end();
  return { commands, traits };
}

function unquoted(word: string): string {
  if (/^'.*'$/.test(word)) return word.slice(1, -1).replaceAll("''", "'");
  return /^".*"$/.test(word) ? word.slice(1, -1).replaceAll(/\\(.)/g, '$1') : word;
}

/** One word of a shell's. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
