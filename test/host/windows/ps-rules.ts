import type { Node } from 'web-tree-sitter';
import { allOf, lineOf, type Script } from './ps-syntax.ts';

/** What a script breaks, as `line N: what`; empty if nothing. Each rule is tried on a text that breaks it. */
export function brokenRules(script: Pick<Script, 'name' | 'tree'>): string[] {
  const isLoop = script.name === 'bootstrap.ps1';
  // What the playbook says is run there, and nowhere else.
  const mayRun = script.name === 'work/run-command.ps1';
  const { tree } = script;
  return [
    ...(tree.hasError ? ['line 1: it does not parse'] : []),
    ...beginsStrict(tree),
    ...commands(tree).flatMap((command) => commandRules(command, isLoop, mayRun)),
    ...(isLoop ? [] : makesNoCode(tree)),
    ...overwritten(tree),
    ...undeclared(tree).map((name) => `line 1: $${name} is neither a parameter nor assigned`),
    ...allOf(tree, 'expandable_string_literal')
      .filter((node) => allOf(node, 'variable').length > 0 || allOf(node, 'sub_expression').length > 0)
      .map((node) => at(node, 'a text is built from a value')),
    ...allOf(tree, 'expandable_here_string_literal').map((node) => at(node, 'a text is built from a value')),
    ...(isLoop ? [] : paramBlock(tree)),
  ];
}

function at(node: Node, what: string): string {
  return `line ${lineOf(node)}: ${what}`;
}

function commands(tree: Node): Node[] {
  return allOf(tree, 'command');
}

function beginsStrict(tree: Node): string[] {
  const isStrict = commands(tree).some((node) => /^Set-StrictMode -Version 2\.0$/.test(node.text));
  const stops = allOf(tree, 'assignment_expression').some(
    ({ text }) => text === "$ErrorActionPreference = 'Stop'",
  );
  return [
    ...(isStrict ? [] : ['line 1: no Set-StrictMode']),
    ...(stops ? [] : ['line 1: errors do not stop it']),
  ];
}

/** Parameters whose values PowerShell, WQL or another program would read as code. */
const READ_AS_CODE = /^-(?:Filter|Query|Command|EncodedCommand|ScriptBlock|Argument|MemberDefinition)$/i;

function commandRules(command: Node, isLoop: boolean, mayRun: boolean): string[] {
  const wrong: string[] = [];
  const name = command.childForFieldName('command_name');
  if (command.children.some((child) => child?.type === 'command_invokation_operator')) {
    if (!isLoop) wrong.push(at(command, 'something is called by a value'));
    return wrong;
  }
  if (name === null || !/^[A-Z][A-Za-z]+-[A-Z][A-Za-z]+$/.test(name.text))
    wrong.push(at(command, `“${name?.text ?? command.text}” is an alias or a program`));
  if (mayRun && /^Start-Process$/.test(name?.text ?? '')) return wrong;
  if (/^(?:Invoke-Expression|Invoke-Command|Start-Process|Invoke-Item)$/i.test(name?.text ?? ''))
    wrong.push(at(command, `${name?.text} is not used`));
  let parameter: string | null = null;
  for (const element of command.childForFieldName('command_elements')?.children ?? []) {
    if (element === null || element.type === 'command_argument_sep') continue;
    if (element.type === 'command_parameter') parameter = element.text;
    else {
      if (parameter === null)
        wrong.push(at(element, `“${element.text}” is given without a parameter's name`));
      else if (READ_AS_CODE.test(parameter) && allOf(element, 'variable').length > 0)
        wrong.push(at(element, `${parameter} is made of a value`));
      parameter = null;
    }
  }
  return wrong;
}

/** Ways from text to code other than commands. */
function makesNoCode(tree: Node): string[] {
  return [
    ...allOf(tree, 'type_literal').filter(({ text }) => /scriptblock|powershell\]|runspace/i.test(text)),
    ...allOf(tree, 'member_name').filter(({ text }) =>
      /^(?:InvokeScript|NewScriptBlock|AddScript|Invoke|InvokeCommand|Start)$/i.test(text),
    ),
  ].map((node) => at(node, `“${node.text}” makes code of text`));
}

/** Names differ by more than case: `$created` would be the parameter `$Created`. */
function overwritten(tree: Node): string[] {
  const parameters = new Set(
    allOf(tree, 'script_parameter').flatMap((parameter) =>
      parameter.children.flatMap((child) => (child?.type === 'variable' ? [nameOf(child)] : [])),
    ),
  );
  const loops = allOf(tree, 'foreach_statement').flatMap((loop) =>
    loop.children.flatMap((child) => (child?.type === 'variable' ? [child] : [])),
  );
  const assigned = allOf(tree, 'left_assignment_expression').filter(({ text }) => /^\$\w+$/.test(text));
  return [...loops, ...assigned.flatMap((left) => allOf(left, 'variable'))]
    .filter((variable) => parameters.has(nameOf(variable)))
    .map((variable) => at(variable, `the parameter ${variable.text} is overwritten`));
}

const AUTOMATIC = new Set(['_', 'null', 'true', 'false', 'pid', 'erroractionpreference']);

function undeclared(tree: Node): string[] {
  const known = new Set(AUTOMATIC);
  for (const parameter of allOf(tree, 'script_parameter'))
    for (const child of parameter.children) if (child?.type === 'variable') known.add(nameOf(child));
  for (const left of allOf(tree, 'left_assignment_expression'))
    for (const variable of allOf(left, 'variable')) known.add(nameOf(variable));
  for (const loop of allOf(tree, 'foreach_statement'))
    for (const child of loop.children) if (child?.type === 'variable') known.add(nameOf(child));
  const used = allOf(tree, 'variable').map(nameOf);
  return [...new Set(used.filter((name) => !known.has(name) && !name.startsWith('env:')))];
}

function nameOf(variable: Node): string {
  return variable.text.replace(/^[$@]\{?|\}$/g, '').toLowerCase();
}

/** Each parameter has a type, and is mandatory unless it is a switch. */
function paramBlock(tree: Node): string[] {
  const [block] = allOf(tree, 'param_block');
  if (block === undefined) return ['line 1: no param()'];
  return allOf(block, 'script_parameter').flatMap((parameter) => {
    const hasType = /\[(?:int|long|string|bool)(?:\[\])?\]/.test(parameter.text);
    const isMandatory = /Mandatory = \$true/.test(parameter.text);
    return [
      ...(hasType ? [] : [at(parameter, 'a parameter has no type')]),
      ...(isMandatory ? [] : [at(parameter, 'a parameter may be left out')]),
    ];
  });
}
