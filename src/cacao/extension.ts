/**
 * Our own steps, kept whole in a CACAO extension (section 8): CACAO has no word for what an action of ours does, so
 * others read the words and commands, and we read back exactly what was written.
 */
export const EXTENSION = 'extension-definition--3d2b5b0e-6c0f-4f0e-9a51-7f1d1d0c2b64';
export const AUTHOR = 'identity--5b1c9a5e-0a0f-4e2b-8c35-2e3f5d7a9c11';

export const EXTENSION_DEFINITION = {
  type: 'extension-definition',
  name: 'tourniquet playbook',
  description: 'The playbook, or one step of it, as tourniquet has it.',
  created_by: AUTHOR,
  schema: 'The output of `tourniquet playbook schema`; `playbook` without its steps, `step` one of them.',
  version: '1.0.0',
} as const;
