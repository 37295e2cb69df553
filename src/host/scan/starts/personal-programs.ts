/** Programs that a person starts, or that an administrator does on a server, and what in their settings runs another. */
export interface PersonalProgram {
  /** In every home: a file, or a folder with `/*` after it (and what the names in it end in). */
  readonly inHome: readonly string[];
  /** For everybody. */
  readonly inSystem?: readonly string[];
  /** What a comment begins with, if it is not `#` or `;`. */
  readonly comment?: RegExp;
  /** Each with groups, of which the last that took part is the command: what is run, loaded or read in. */
  readonly forms: readonly RegExp[];
}

/** `system("x")` and its like, as half of all languages write it; `{'sh', '-c', 'x'}` besides. */
const QUOTED_CALL =
  /\b(?:system|systemlist|job_?start|term_?start|termopen|popen\d?|execute|libcall(?:nr)?|spawn|exec\w{0,4}|run|call|check_output)\s*\(\s*[[{]?\s*(?:(["'])(?:\/bin\/)?(?:ba|da|z)?sh\1\s*,\s*["']-\w*c["']\s*,\s*)?(["'])(.+?)\2/i;
/** `READ x`, where what is read in is of the same kind; only by a whole path. */
const readsIn = (words: string): RegExp => new RegExp(`^\\s*:?(?:${words})\\s+["']?([/~$][^"'\\s]*)`, 'i');

/** What runs a command was tried with Debian 12’s programs, where it has them; the man page named beside it says so too. */
export const PERSONAL_PROGRAMS: readonly PersonalProgram[] = [
  // vim(1): usr_41; autocmd.txt. Neovim besides: `vim.fn.system`, `os.execute`.
  {
    inHome: [
      ...['.vimrc', '.gvimrc', '.exrc', '.vim/vimrc', '.config/nvim/init.vim', '.config/nvim/init.lua'],
      ...[
        '.vim/plugin/*.vim',
        '.vim/after/plugin/*.vim',
        '.vim/ftplugin/*.vim',
        '.vim/after/ftplugin/*.vim',
        '.vim/pack/*/start/*/plugin/*.vim',
      ],
      ...['.config/nvim/plugin/*.vim', '.config/nvim/plugin/*.lua'],
    ],
    inSystem: [
      '/etc/vim/vimrc',
      '/etc/vim/vimrc.local',
      '/etc/vimrc',
      '/etc/virc',
      '/usr/share/vim/vimfiles/plugin/*.vim',
    ],
    comment: /^\s*(?:"|--)/,
    forms: [
      /(?:^|[|:]|\bsil(?:ent)?!?|\bau(?:tocmd)?!?\s+\S+\s+\S+(?:\s+\+\+\w+)*|\bexe(?:cute)?\s+["'])\s*!\s*(\S.*)$/,
      QUOTED_CALL,
      /\bset?\s+(?:shell|sh|equalprg|ep|grepprg|gp|makeprg|mp|formatprg|fp|keywordprg|kp)=(\S+)/,
      /\b(?:runtimepath|rtp|packpath|pp)[+^]?=([/~][^,\s]*)/,
      readsIn('so(?:urce)?!?|luafile|py3?file|rubyfile|perlfile'),
    ],
  },
  // tmux(1).
  {
    inHome: ['.tmux.conf', '.config/tmux/tmux.conf'],
    inSystem: ['/etc/tmux.conf'],
    forms: [
      /\b(?:run(?:-shell)?|if(?:-shell)?|pipe-?p(?:ane)?|split-?w(?:indow)?|new-?w(?:indow)?|new(?:-session)?|respawn-\w+|popup)\b[^"'{;]{0,80}(["'])(.+?)\\?\1/,
      /\b(?:run(?:-shell)?|if(?:-shell)?)\s+(?:-\w+\s+)*([/~$][^\s"']*)/,
      /#\(([^)]{1,200})\)/,
      /\bset(?:-option)?\s+(?:-\w+\s+)*default-(?:command|shell)\s+["']?(.+)$/,
      readsIn('source(?:-file)?'),
    ],
  },
  // screen(1).
  {
    inHome: ['.screenrc'],
    inSystem: ['/etc/screenrc'],
    forms: [
      /^\s*(?:bind\s+(?:-c\s+\S+\s+)?\S+\s+)?(?:screen|exec)\s+(?:-[a-z]\s+(?:"[^"]*"|'[^']*'|[^\s"'-]\S*)\s+|-\w+\s+|\d+\s+)*(\S.*)$/,
      /^\s*backtick\s+\d+\s+\d+\s+\d+\s+(.+)$/,
      /^\s*(?:def)?shell\s+-?(\S+)/,
      readsIn('source'),
    ],
  },
  // readline(3): a key that types a command and ends the line.
  {
    inHome: ['.inputrc'],
    inSystem: ['/etc/inputrc'],
    forms: [
      /^\s*(?:"[^"]*"|[\w-]+)\s*:\s*"(?:\\(?:C-.|M-.|e))*([^"]*?)\\(?:n|r|C-[mj])/i,
      readsIn('\\$include'),
    ],
  },
  // mailcap(5).
  {
    inHome: ['.mailcap'],
    inSystem: ['/etc/mailcap', '/usr/local/etc/mailcap'],
    forms: [
      /^\s*[\w*+.-]+(?:\/[\w*+.-]+)?\s*;\s*((?:[^;\\]|\\.)+)/,
      /;\s*(?:test|print|edit|compose(?:typed)?)\s*=\s*((?:[^;\\]|\\.)+)/,
    ],
  },
  // npm-config(7); .yarnrc.yml of Yarn, whose own program lies where it says.
  {
    inHome: ['.npmrc', '.yarnrc', '.yarnrc.yml'],
    inSystem: ['/etc/npmrc', '/usr/etc/npmrc', '/usr/local/etc/npmrc'],
    forms: [
      /^\s*(?:script-shell|shell|git|editor|viewer|browser|init[.-]module|onload-script|globalconfig|userconfig|prefix)\s*=\s*["']?([^"']+)/,
      /^\s*node-options\s*=.*(?:--require|-r|--import|--(?:experimental-)?loader)[=\s]+["']?([^\s"']+)/,
      /^\s*(?:-\s*)?(?:yarn-path|yarnPath:|path:)\s+"?([^"\s]+)/,
    ],
  },
  // lesskey(1), #env; a file of less itself since 582.
  {
    inHome: ['.lesskey', '.config/lesskey'],
    inSystem: ['/etc/syslesskey', '/etc/lesskey', '/usr/local/etc/syslesskey'],
    forms: [/^\s*LESS(?:OPEN|CLOSE)\s*\+?=[|\s-]*(.+)$/, /^\s*(?:EDITOR|VISUAL|SHELL)\s*=\s*(.+)$/],
  },
  // gdb(1).
  {
    inHome: ['.gdbinit', '.gdbearlyinit', '.config/gdb/gdbinit'],
    inSystem: ['/etc/gdb/gdbinit', '/etc/gdbinit', '/etc/gdb/gdbinit.d/*'],
    forms: [/^\s*(?:shell\b|!|pipe\b.*\|)\s*(\S.*)$/, QUOTED_CALL, readsIn('source')],
  },
  // ssh_config(5).
  {
    inHome: ['.ssh/config'],
    inSystem: ['/etc/ssh/ssh_config', '/etc/ssh/ssh_config.d/*.conf'],
    forms: [
      /^\s*(?:ProxyCommand|LocalCommand|KnownHostsCommand|PKCS11Provider|SecurityKeyProvider|XAuthLocation)(?:\s*=\s*|\s+)(?!none\b)"?(.+)$/i,
      /^\s*Match\b.*\sexec\s+(?:"([^"]+)"|(\S+))/i,
      readsIn('Include'),
    ],
  },
  // wget(1), netrc(5) of ftp, lftp(1).
  { inHome: ['.wgetrc'], inSystem: ['/etc/wgetrc'], forms: [/^\s*use[_-]?askpass\s*=\s*(\S.*)$/i] },
  { inHome: ['.netrc'], forms: [/^\s*!\s*(\S.*)$/] },
  {
    inHome: ['.lftprc', '.lftp/rc', '.config/lftp/rc'],
    inSystem: ['/etc/lftp.conf'],
    forms: [
      /(?:^|[;"'])\s*(?:!|shell\s)\s*([^\s"'][^"']*)/,
      /^\s*set\s+\S*(?:connect-program|askpass)\S*\s+["']?([^"']+)/,
      readsIn('source'),
    ],
  },
  // gpg-agent(1), gpg(1).
  {
    inHome: ['.gnupg/gpg-agent.conf', '.gnupg/gpg.conf', '.gnupg/dirmngr.conf'],
    inSystem: ['/etc/gnupg/gpg-agent.conf', '/etc/gnupg/gpg.conf'],
    forms: [
      /^\s*(?:--)?(?:pinentry|scdaemon|agent|dirmngr|keyboxd)-program\s+(\S.*)$/,
      /^\s*photo-viewer\s+["']?(.+)$/,
    ],
  },
  // hgrc(5), config of Subversion.
  {
    inHome: ['.hgrc', '.config/hg/hgrc', '.subversion/config'],
    inSystem: ['/etc/mercurial/hgrc', '/etc/mercurial/hgrc.d/*', '/etc/subversion/config'],
    forms: [
      /^\s*(?:(?:pre|post)?[a-z]*(?:-\w+|commit|update|changegroup|incoming|outgoing|push|pull)(?:\.\w+)?|ssh|rsh|editor(?:-cmd)?|diff3?-cmd|merge-tool-cmd)\s*=\s*(\S.*)$/,
      /^\s*[\w.]+\s*=\s*!\s*(\S.*)$/,
      // An extension by its path.
      /^\s*[\w.]+\s*=\s*([/~]\S*\.py)\s*$/,
    ],
  },
  // psql(1), the shell of SQLite, mysql(1).
  {
    inHome: ['.psqlrc'],
    inSystem: ['/etc/postgresql-common/psqlrc'],
    comment: /^\s*--/,
    forms: [/\\(?:!|o\s*\||g\s*\|)\s*(\S.*)$/, /`([^`]+)`/, /\bprogram\s+'([^']+)'/i],
  },
  {
    inHome: ['.sqliterc', '.config/sqlite3/sqliterc'],
    comment: /^\s*(?:--|#)/,
    forms: [/^\s*\.(?:shell|system|load|read|once|output)\s+["']?\|?(\S.*)$/],
  },
  {
    inHome: ['.my.cnf', '.mylogin.cnf'],
    inSystem: [
      '/etc/my.cnf',
      '/etc/my.cnf.d/*.cnf',
      '/etc/mysql/*.cnf',
      '/etc/mysql/conf.d/*.cnf',
      '/etc/mysql/mariadb.conf.d/*.cnf',
    ],
    forms: [/^\s*(?:pager|plugin[-_](?:dir|load(?:[-_]add)?)|init[-_]file)\s*=\s*["']?(\/[^"';]+)/],
  },
  // Interpreters that a person talks to: Ruby, Python, R, Perl’s debugger, Haskell, Julia, Octave.
  {
    inHome: [
      ...['.irbrc', '.pryrc', '.pdbrc', '.pythonrc', '.pythonrc.py', '.ipython/profile_default/startup/*.py'],
      ...[
        '.Rprofile',
        '.perldb',
        '.re.pl/repl.rc',
        '.ghci',
        '.ghc/ghci.conf',
        '.julia/config/startup.jl',
        '.octaverc',
      ],
    ],
    inSystem: [
      '/etc/irbrc',
      '/etc/R/Rprofile.site',
      '/usr/local/share/perl5/*/sitecustomize.pl',
      '/usr/local/share/perl5/sitecustomize.pl',
    ],
    forms: [QUOTED_CALL, /(?:^|[^\w`])`([^`]+)`/, /^\s*(?::?!|shell\s)\s*(\S.*)$/],
  },
  // Emacs: `(shell-command "x")`, `(start-process "name" "buffer" "x")`.
  {
    inHome: ['.emacs', '.emacs.el', '.emacs.d/init.el', '.emacs.d/early-init.el', '.config/emacs/init.el'],
    inSystem: [
      '/etc/emacs/site-start.el',
      '/etc/emacs/site-start.d/*.el',
      '/usr/local/share/emacs/site-lisp/site-start.el',
    ],
    comment: /^\s*;/,
    forms: [
      /\((?:async-)?(?:shell-command|call-process|process-lines|compile)[\w-]*\s+"((?:[^"\\]|\\.)+)"/,
      /\((?:start-process)[\w-]*\s+"[^"]*"\s+(?:"[^"]*"|nil)\s+"((?:[^"\\]|\\.)+)"/,
      /\(load(?:-file)?\s+"([/~][^"]*)"/,
    ],
  },
  // muttrc(5).
  {
    inHome: ['.muttrc', '.mutt/muttrc', '.config/mutt/muttrc', '.neomuttrc', '.config/neomutt/neomuttrc'],
    inSystem: ['/etc/Muttrc', '/etc/Muttrc.d/*', '/etc/neomuttrc'],
    forms: [
      /`([^`]+)`/,
      /^\s*set\s+(?:sendmail|query_command|editor|print_command|display_filter|shell|visual|ispell|tunnel|new_mail_command)\s*=\s*["']?(.+)$/,
      /^\s*source\s+["']?([^"']+?)\|?["']?\s*$/,
      /\bmacro\s.{0,200}?(?:["']!|<shell-escape>)([^"'<\\]+)/,
    ],
  },
  // Logins and builds: `credential_process` of AWS, `exec` of a kubeconfig, Cargo, Gradle, Ansible.
  { inHome: ['.aws/config', '.aws/credentials'], forms: [/^\s*credential_process\s*=\s*(\S.*)$/] },
  {
    inHome: ['.kube/config'],
    forms: [/^\s*(?:-\s*)?command:\s*["']?([^"']+)/, /^\s*-\s+["']?(.*[|;&].*)$/],
  },
  {
    inHome: ['.cargo/config', '.cargo/config.toml'],
    forms: [
      /^\s*(?:rustc(?:-workspace)?-wrapper|rustc|rustdoc|runner|linker|credential-(?:process|provider))\s*=\s*\[?\s*["'](.+?)["']/,
    ],
  },
  {
    inHome: ['.gradle/init.gradle', '.gradle/init.d/*'],
    comment: /^\s*\/\//,
    forms: [
      /"([^"]{1,500})"\s{0,9}\.execute\b|'([^']{1,500})'\s{0,9}\.execute\b/,
      QUOTED_CALL,
      /\bProcessBuilder\s*\(\s*["'](.+?)["']/,
    ],
  },
  {
    inHome: ['.ansible.cfg'],
    inSystem: ['/etc/ansible/ansible.cfg'],
    forms: [
      /^\s*(?:\w+_plugins|library|module_utils|vault_password_file|inventory|ssh_executable|executable)\s*=\s*(\S.*)$/,
    ],
  },
  // Of package managers, by whoever calls them: macros of rpm(8), hooks of dpkg(1).
  {
    inHome: ['.rpmmacros', '.config/rpm/macros'],
    inSystem: ['/etc/rpm/macros', '/etc/rpm/macros.*'],
    forms: [/%\(([^)]{1,200})\)/, /\b(?:os\.execute|io\.popen|rpm\.(?:execute|spawn))\s*[({\s]*["']([^"']+)/],
  },
  { inHome: ['.dpkg.cfg'], forms: [/^\s*(?:--)?(?:pre|post)-invoke(?:\s*=\s*|\s+)["']?(.+)$/] },
];
