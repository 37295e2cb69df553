import { homesOf, parseProgram, type StartReader, type StartText } from './start-reader.ts';

/** sshd runs them at every log-in, before the shell (sshd(8), sshrc); they need not be executable. */
export const loginHooks: StartReader = {
  mechanism: 'login-hook',
  *list(look) {
    const parse = (text: StartText) => ({ ...parseProgram(text), isInert: false });
    yield { path: '/etc/ssh/sshrc', account: null, as: 'file', parse };
    for (const account of homesOf(look))
      yield { path: `${account.home}/.ssh/rc`, account, as: 'file', parse };
  },
};
