import { homesOf, parseProgram, type StartReader, type StartText } from './start-reader.ts';

/** sshd runs its own at every log-in, before the shell (sshd(8)), pam_namespace(8) the other: executable or not. */
export const loginHooks: StartReader = {
  mechanism: 'login-hook',
  *list(look) {
    const parse = (text: StartText) => ({ ...parseProgram(text), isInert: false });
    yield { path: '/etc/ssh/sshrc', account: null, as: 'file', parse };
    yield { path: '/etc/security/namespace.init', account: null, as: 'file', parse: parseProgram };
    for (const account of homesOf(look))
      yield { path: `${account.home}/.ssh/rc`, account, as: 'file', parse };
  },
};
