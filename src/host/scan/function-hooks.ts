/** Functions of the running kernel that something else is called for, by what is called. */
export interface FunctionHook {
  /** The module that it is in; null if the kernel knows of none at that address. */
  readonly module: string | null;
  readonly callback: string;
  readonly functions: readonly string[];
}

/** Livepatching, kprobes and BPF take functions over too, through these of the kernel’s own. */
const ORDINARY = /^(klp_ftrace_handler|kprobe_ftrace_handler|bpf_|arch_ftrace_|ftrace_|function_trace)/;
const MOST_LINES = 20_000;

/**
 * enabled_functions of tracefs (Documentation/trace/ftrace.rst): `NAME (USERS) FLAGS tramp: ADDRESS (CALLBACK) ->CALLBACK`.
 * With the flag I a callback may lead on to something else than the function (IPMODIFY), as rootkits do that hook by ftrace.
 */
export function parseFunctionHooks(text: string): FunctionHook[] {
  const hooks = new Map<string, { module: string | null; callback: string; functions: string[] }>();
  for (const line of text.split('\n', MOST_LINES)) {
    const [, name, flags = '', rest = ''] =
      /^(\S+)(?: \[\w+\])? \(\d+\)([ A-Za-z]*)(?:\t(.*))?$/.exec(line.slice(0, 2048)) ?? [];
    if (name === undefined || !/ I/.test(flags)) continue;
    const { module, callback } = callbackOf(rest);
    if (module === null && ORDINARY.test(callback)) continue;
    // Several use it, and the line does not say who: nothing is known of them.
    if (callback === '') continue;
    const key = module ?? callback;
    const hook = hooks.get(key);
    if (hook === undefined) hooks.set(key, { module, callback, functions: [name] });
    else hook.functions.push(name);
  }
  return [...hooks.values()];
}

/** What stands in brackets behind the trampoline, or after the arrow: a name with its module, or an address without. */
function callbackOf(rest: string): { readonly module: string | null; readonly callback: string } {
  const [, called = ''] = /\(([^)]+)\)/.exec(rest) ?? /->(\S+(?: \[\w+\])?)/.exec(rest) ?? [];
  const [, symbol = '', module] = /^([^\s+]+)(?:\+\S*)?(?: \[(\w+)\])?/.exec(called) ?? [];
  return { module: module ?? null, callback: symbol };
}

/** What lists files, processes, sockets and modules: who takes it over decides what is seen. */
export const LISTS =
  /getdents|filldir|iterate_dir|proc_pid_readdir|proc_readdir|next_tgid|(tcp|udp)[46]_seq_show|raw_seq_show|unix_seq_show|packet_rcv|^m_show$|kallsyms_lookup_name/;

/** Functions that somebody has put a probe on (Documentation/trace/kprobes.rst: `ADDRESS  k  NAME+OFFSET`). */
export function parseProbes(text: string): string[] {
  const names = text
    .split('\n', MOST_LINES)
    .flatMap((line) => /^[0-9a-f]+\s+[kr]\s+([\w.]+)\+/.exec(line)?.[1] ?? []);
  return [...new Set(names)];
}
