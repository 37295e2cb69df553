/** What whoever inherits a variable loads code, or settings that name code, from: separated as PATH is. */
const LISTS =
  /^(?:LD_(?:PRELOAD|AUDIT|LIBRARY_PATH)|GCONV_PATH|PERL5LIB|PERLLIB|PYTHONPATH|RUBYLIB|NODE_PATH|SASL_PATH|GIO_EXTRA_MODULES|GTK_PATH|PHP_INI_SCAN_DIR|BASH_LOADABLES_PATH|LUA_C?PATH|R_LIBS|DOTNET_STARTUP_HOOKS)=/;
/** One file or folder. */
const SINGLE =
  /^(?:OPENSSL_(?:CONF|ENGINES|MODULES)|KRB5_CONFIG|GSS_MECH_CONFIG|PYTHON(?:HOME|USERBASE)|PHPRC|GIT_(?:CONFIG_GLOBAL|CONFIG_SYSTEM|EXEC_PATH|TEMPLATE_DIR)|npm_config_(?:userconfig|globalconfig|script_shell|prefix)|CORE?CLR_PROFILER_PATH|COR_PROFILER_PATH|R_PROFILE(?:_USER)?|INPUTRC|SCREENRC|WGETRC|PSQLRC|MAILCAPS|LESSKEY(?:IN)?|ZDOTDIR|VIMRUNTIME|SHELL|BROWSER|LUA_INIT)=@?/i;
/** Options of an interpreter, of which some load a file. */
const OPTIONS: readonly (readonly [RegExp, RegExp])[] = [
  [/^NODE_OPTIONS=/, /(?:--require|-r|--import|--(?:experimental-)?loader)[=\s]+["']?([/~][^\s"']*)/g],
  [/^(?:PERL5OPT|RUBYOPT)=/, /(?:^|[=\s"'])-[Ir]\s*([/~][^\s"']*)/g],
  [
    /^(?:JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|JAVA_OPTS|CATALINA_OPTS|MAVEN_OPTS)=/,
    /-(?:javaagent|agentpath|Xbootclasspath\/[ap]):["']?([/~][^\s=:"',]*)/g,
  ],
];

/**
 * Paths that a setting of the environment has programs load code from, by the manual of each: ld.so(8), perlrun(1), node(1),
 * python(1), ruby(1), java(1), openssl-env(7), iconv(3). Empty for most.
 */
export function loadedByVariable(setting: string): string[] {
  if (setting.length > 4096) return [];
  const form = OPTIONS.find(([name]) => name.test(setting))?.[1];
  if (form !== undefined) return [...setting.matchAll(form)].flatMap(([, path]) => path ?? []);
  const value = setting.slice(setting.indexOf('=') + 1).replace(/^["']|["']$/g, '');
  const paths = LISTS.test(setting)
    ? value.split(/[\s:;]+/)
    : SINGLE.test(setting)
      ? [value.replace(/^@/, '')]
      : [];
  return paths.filter((path) => /^[/~$]/.test(path));
}
