import { type CommandPart, isInterpreter } from './command-reading.ts';

/** Whether what a part prints is run: at its place, or by a shell or interpreter further down the pipe. */
export function isOutputRun(index: number, parts: readonly CommandPart[]): boolean {
  return parts[index]?.isOutputRun === true || flowsIntoInterpreter(index, parts);
}

function flowsIntoInterpreter(index: number, parts: readonly CommandPart[]): boolean {
  for (let at = index; parts[at]?.next === '|'; at += 1) {
    const taker = parts[at + 1];
    if (taker && isTaker(taker, parts.slice(at + 2))) return true;
  }
  // `(curl … || wget …) | sh`: the pipe stands after the group's last member.
  const next = parts[index]?.next;
  return (
    (next === '||' || next === '&&') &&
    parts[index + 1] !== undefined &&
    flowsIntoInterpreter(index + 1, parts)
  );
}

function isTaker(part: CommandPart, after: readonly CommandPart[]): boolean {
  if (isInterpreter(part.words[0] ?? '')) return readsStandardInput(part);
  // `| while read l; do eval "$l"; done`
  return part.program === 'read' && after.some(({ program }) => program === 'eval');
}

function readsStandardInput(part: CommandPart): boolean {
  if (part.program === 'awk' || part.program === 'gawk' || part.program === 'mawk' || part.program === 'env')
    return false;
  // `| xargs sh -c`: what comes in is the text that is run.
  if (part.wrappers.includes('xargs')) return part.words.at(-1) === '-c';
  const rest = part.words.slice(1);
  if (rest.some((word) => /^(-c|-e|-m|-r|-p)$/.test(word))) return false;
  return rest.every((word) => word.startsWith('-')) || rest.includes('-s') || rest.includes('-');
}
