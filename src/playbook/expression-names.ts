import type { ASTNode } from '@marcbachmann/cel-js';
import {
  childrenOf,
  compileExpression,
  type ExpressionProblem,
  loopNames,
  SCOPE_ROOTS,
  type ScopeRoot,
} from './cel.ts';
import { splitTemplate } from './template.ts';

/** Of engine/event.ts, HostSummary: what `host.…` offers. */
export const HOST_NAMES = [
  'hostname',
  'distribution',
  'kernel',
  'cores',
  'bootId',
  'isRoot',
  'isDrill',
  'serviceManager',
  'firewall',
  'cloudMachine',
  'cloudZone',
  'cloudGroup',
] as const;
export const STEP_FIELDS = ['status', 'found', 'chosen'] as const;
export const INCIDENT_NAMES = ['id'] as const;

/** A name that an expression uses, with its place in the expression's text. */
export interface UsedName {
  readonly root: ScopeRoot;
  /** `allowed-peers` of `inputs.allowed-peers`, dashes as underscores; null: the root itself or a computed name. */
  readonly name: string | null;
  /** `found` of `steps.look.found`. */
  readonly field: string | null;
  readonly start: number;
  readonly end: number;
}

export interface NamesOfExpression {
  readonly names: readonly UsedName[];
  /** Names that are nothing: no root of the scope, no item of a loop. */
  readonly unknown: readonly { readonly name: string; readonly start: number; readonly end: number }[];
  /** As far as it can be known beforehand: `bool`, `string`, …, `dyn`; null if there is a problem. */
  readonly type: string | null;
  /** What else is wrong with it; null also where an unknown name is all that is. */
  readonly problem: ExpressionProblem | null;
}

/** The names in a CEL text (`if:`, or what stands between the braces) and whether it can be evaluated at all. */
export function expressionNames(text: string): NamesOfExpression {
  const expression = compileExpression(text);
  if ('problem' in expression && expression.ast === null) {
    return { names: [], unknown: [], type: null, problem: expression.problem };
  }
  const ast = expression.ast as ASTNode;
  const names = namesIn(ast);
  const known = new Set<string>([...loopNames(ast), ...SCOPE_ROOTS]);
  const unknown = idsIn(ast).filter(({ name }) => !known.has(name));
  if ('run' in expression) return { names, unknown, type: expression.type, problem: null };
  return { names, unknown, type: null, problem: unknown.length > 0 ? null : expression.problem };
}

/** The names of the scope that an expression uses. */
export function namesIn(ast: ASTNode): readonly UsedName[] {
  const names: UsedName[] = [];
  collectNames(ast, names);
  return names;
}

function idsIn(node: ASTNode): { name: string; start: number; end: number }[] {
  if (node.op === 'id') return [{ name: node.args, start: node.start, end: node.end }];
  return childrenOf(node).flatMap(idsIn);
}

/** Names of the inputs that a text with `${{ … }}` uses, dashes as they are declared. */
export function inputsUsed(template: string, declared: readonly string[]): readonly string[] {
  const split = splitTemplate(template);
  if ('unclosedAt' in split) return [];
  const used = new Set<string | null>();
  for (const part of split.parts) {
    const found = part.kind === 'expression' ? expressionNames(part.text) : null;
    for (const name of found?.names ?? []) if (name.root === 'inputs') used.add(name.name);
  }
  // A computed name could be any of them.
  return declared.filter((name) => used.has(plainName(name)) || used.has(null));
}

/** Names of the variables whose values hold a secret input: given to a command, never recorded. */
export function secretNames(
  env: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, { readonly isSecret: boolean }>>,
): readonly string[] {
  const secret = Object.keys(inputs).filter((name) => inputs[name]?.isSecret);
  return Object.keys(env).filter((name) => inputsUsed(env[name] ?? '', secret).length > 0);
}

/** As expressions are compared: `allowed-peers` and `allowed_peers` are one name. */
export function plainName(name: string): string {
  return name.replaceAll('-', '_');
}

function collectNames(node: ASTNode, names: UsedName[]): void {
  const root = rootOf(node);
  if (root !== null) {
    names.push({ root, name: null, field: null, start: node.start, end: node.end });
    return;
  }
  const member = memberOf(node);
  if (member === null) {
    for (const child of childrenOf(node)) collectNames(child, names);
    return;
  }
  const inner = memberOf(member.of);
  const ofRoot = rootOf(member.of);
  if (ofRoot !== null) {
    names.push({ root: ofRoot, name: plainName(member.name), field: null, ...member.at });
  } else {
    if (inner !== null && rootOf(inner.of) === 'steps') {
      names.push({ root: 'steps', name: plainName(inner.name), field: member.name, ...member.at });
    }
    collectNames(member.of, names);
  }
}

function rootOf(node: ASTNode): ScopeRoot | null {
  return node.op === 'id' ? (SCOPE_ROOTS.find((root) => root === node.args) ?? null) : null;
}

interface Member {
  readonly of: ASTNode;
  readonly name: string;
  readonly at: { readonly start: number; readonly end: number };
}

/** `a.name` and `a["name"]`. */
function memberOf(node: ASTNode): Member | null {
  if (node.op === '.') {
    const [of, name] = node.args;
    return { of, name, at: { start: Math.max(node.start, node.end - name.length), end: node.end } };
  }
  if (node.op !== '[]') return null;
  const [of, index] = node.args;
  if (index.op !== 'value' || typeof index.args !== 'string') return null;
  return { of, name: index.args, at: { start: index.start, end: index.end } };
}
