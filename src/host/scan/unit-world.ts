/**
 * What a unit's own settings make of its commands (systemd.exec(5)): another root, another file bound over the program
 * that is named, a folder to start from, variables, and code on standard input. Pure.
 */
export interface UnitSetting {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** Settings that are read; the rest of a unit says nothing of what is started. */
export const WORLD_KEYS: ReadonlySet<string> = new Set([
  ...['RootDirectory', 'RootImage', 'BindPaths', 'BindReadOnlyPaths', 'ExecSearchPath', 'WorkingDirectory'],
  ...['ExtensionDirectories', 'ExtensionImages', 'MountImages'],
  ...['StandardInput', 'StandardInputText', 'StandardInputData'],
]);

/** A command as it would be typed on the host to have the same thing run. */
export function asStarted(
  command: string,
  settings: readonly UnitSetting[],
  environment: readonly string[],
): string {
  const last = (key: string): string => settings.findLast((one) => one.key === key)?.value ?? '';
  let text = command;
  if (!/^[./]/.test(text) && last('ExecSearchPath') !== '')
    text = `${last('ExecSearchPath').split(':')[0]}/${text}`;
  for (const [source, target] of settings.filter(({ key }) => /^Bind/.test(key)).flatMap(bindsOf))
    if (text === target || text.startsWith(`${target} `) || text.startsWith(`${target}/`))
      text = source + text.slice(target.length);
  const root = last('RootDirectory');
  if (root.length > 1 && text.startsWith('/')) text = root + text;
  const used = environment.filter((one) => {
    const name = /^([A-Za-z_]\w*)=/.exec(one)?.[1];
    return name !== undefined && new RegExp(`\\$\\{?${name}\\b`).test(text);
  });
  const folder = last('WorkingDirectory').replace(/^-/, '');
  const isNear = /^\S+(?:\s+-\S+)*\s+(?![-/'"$@%])[\w.]/.test(text) || /(?:^|\s)\.\.?\//.test(text);
  return [
    ...(folder.startsWith('/') && isNear ? [`cd ${quoted(folder)}`] : []),
    ...used.map((one) => one.replace(/=(.*)$/s, (_, value: string) => `=${quoted(value)}`)),
    text,
  ].join('; ');
}

/** What is run beside its commands: an image or folder laid over the host's, code that a shell is given to read. */
export function alsoStarted(settings: readonly UnitSetting[]): { command: string; line: number }[] {
  const of = (keys: RegExp): UnitSetting[] => settings.filter(({ key }) => keys.test(key));
  return [
    ...of(/^(?:RootImage|Extension(?:Directories|Images)|MountImages)$/).flatMap(({ value, line }) =>
      pathsIn(value).map((command) => ({ command, line })),
    ),
    ...of(/^StandardInputText$/).map(({ value, line }) => ({ command: value, line })),
    ...of(/^StandardInputData$/).flatMap(({ value, line }) => {
      const command = Buffer.from(value.replaceAll(/\s/g, ''), 'base64').toString('latin1');
      return /^[\t\n\r\x20-\x7e]+$/.test(command) ? [{ command, line }] : [];
    }),
    ...of(/^StandardInput$/).flatMap(({ value, line }) => {
      const path = /^file:(\/.+)$/.exec(value)?.[1];
      return path === undefined ? [] : [{ command: `. ${path}`, line }];
    }),
  ];
}

function bindsOf({ value }: UnitSetting): [source: string, target: string][] {
  return value.split(/\s+/).flatMap((one): [string, string][] => {
    const [source = '', target = source] = one.replace(/^-/, '').split(':');
    return source.startsWith('/') && target.startsWith('/') && source !== target ? [[source, target]] : [];
  });
}

function pathsIn(value: string): string[] {
  return value.split(/\s+/).flatMap((one) => {
    const path = one.replace(/^[-+]+/, '').split(':')[0] ?? '';
    return path.startsWith('/') ? [path] : [];
  });
}

function quoted(text: string): string {
  return /^[\w./:=@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
