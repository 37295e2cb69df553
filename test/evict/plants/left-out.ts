/**
 * Mechanisms of the scan that have no plant here, each with the reason: what is done about them cannot be taken back, or is
 * not ours to do, or needs what a container of Debian does not have and another test does.
 */
export const LEFT_OUT: Readonly<Record<string, { readonly why: string; readonly shownBy?: string }>> = {
  'hidden-process': {
    why: 'it takes a rootkit to hide one; ended like any other',
    shownBy: 'test/end-to-end/hides-drill.test.ts',
  },
  'mount-over-process': {
    why: 'its process cannot be given back; the mount is, where the process is left',
    shownBy: 'test/host/perform/reveal-process.test.ts',
  },
  container: {
    why: 'it takes a runtime that commands it',
    shownBy: 'test/host/perform/stop-container.test.ts',
  },
  'pending-update': {
    why: 'an update cannot be taken back',
    shownBy: 'test/host/perform/upgrade-packages.test.ts',
  },
  'pam-module': {
    why: 'it is put back from its package or left: without it nobody logs in',
    shownBy: 'test/host/perform/reinstall-package.test.ts',
  },
  'kernel-state': {
    why: 'a container may not set what the kernel has for all',
    shownBy: 'test/host/perform/set-kernel-parameter.test.ts',
  },
  'package-origin': { why: 'advice only: every server has packages of its own' },
  'second-opinion': { why: 'advice only: it is about what to believe' },
  'sshd-effective': { why: 'advice only: no line stands there to be taken out' },
  'loaded-module': { why: 'advice only: a module that hides cannot be trusted to go; build the host anew' },
  'kernel-hook': {
    why: 'advice only: what a module took over in the kernel goes with a host that is built anew',
  },
  'runtime-socket': {
    why: 'advice only: who needs a socket of a runtime is for its owner to say; a process is ended as any',
  },
  'stored-command': { why: 'advice only: it goes by the database’s own client, not by its files' },
  'known-hole': { why: 'advice only: a program that is too old is replaced by whoever runs it' },
  'cut-record': { why: 'advice only: what was cut out of a record is gone' },
  'agent-disabled': { why: 'advice only: its maker’s own way switches it on' },
  'agent-gone': { why: 'advice only: it has to be installed anew' },
  'firewall-rule': { why: 'advice only: one rule at a time, by whoever knows the rest' },
  secret: { why: 'advice only: it is replaced where it was issued, and ticked off' },
};
