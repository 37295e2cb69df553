/** A name as our playbooks have them: lower-case words with dashes, one that is not in `taken` yet (it then is). */
export function slug(text: string, taken: Set<string>): string {
  const plain = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '');
  const stem = plain === '' || /^(?:in|true|false|null)$/.test(plain) ? `step-${plain || 'x'}` : plain;
  let name = stem;
  for (let number = 2; taken.has(name); number += 1) name = `${stem}-${number}`;
  taken.add(name);
  return name;
}
