// How PowerShell binds values to the parameters of a script, as far as ours need it: an unknown name, a mandatory one that
// is left out or empty, and a value that cannot become the type are refused before the script begins.
// https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_functions_advanced_parameters
// https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_type_conversion

/** What PowerShell would say instead of beginning; null: it begins. */
export function whyNotBound(script, parameters) {
  const declared = declaredIn(script);
  for (const name of Object.keys(parameters))
    if (!declared.some((one) => one.name.toLowerCase() === name.toLowerCase()))
      return `A parameter cannot be found that matches parameter name '${name}'.`;
  for (const one of declared) {
    const value = givenFor(parameters, one.name);
    if (value === undefined || value === null)
      return `Cannot process command because of one or more missing mandatory parameters: ${one.name}.`;
    if (one.isList && Array.isArray(value) && value.length === 0 && !one.mayBeEmptyList)
      return `Cannot bind argument to parameter '${one.name}' because it is an empty array.`;
    for (const each of one.isList && Array.isArray(value) ? value : [value]) {
      if (!converts(each, one.type))
        return `Cannot process argument transformation on parameter '${one.name}': ${JSON.stringify(each)} is no ${one.type}.`;
      if (one.type === 'string' && each === '' && !one.mayBeEmptyText)
        return `Cannot bind argument to parameter '${one.name}' because it is an empty string.`;
    }
  }
  return null;
}

function declaredIn(script) {
  const block = /param\(([\s\S]*?)\r?\n?\)\r?\nSet-StrictMode/.exec(script)?.[1] ?? '';
  return [
    ...block.matchAll(/((?:\[[A-Z]\w+\([^)]*\)\]\s*)*)\[(int|long|string|bool)(\[\])?\]\s*\$(\w+)/g),
  ].map(([, attributes, type, list, name]) => ({
    ...{ name, type, isList: list !== undefined },
    mayBeEmptyText: attributes.includes('AllowEmptyString'),
    mayBeEmptyList: attributes.includes('AllowEmptyCollection'),
  }));
}

function givenFor(parameters, name) {
  const given = Object.keys(parameters).find((one) => one.toLowerCase() === name.toLowerCase());
  return given === undefined ? undefined : parameters[given];
}

const WHOLE = {
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
};

function converts(value, type) {
  if (type === 'string') return !Array.isArray(value) && typeof value !== 'object';
  // A text is no truth to PowerShell's binding, whatever it says.
  if (type === 'bool') return typeof value === 'boolean' || typeof value === 'number';
  if (typeof value === 'boolean') return true;
  if (!/^-?\d+$/.test(String(value))) return false;
  const [least, most] = WHOLE[type];
  return BigInt(value) >= least && BigInt(value) <= most;
}
