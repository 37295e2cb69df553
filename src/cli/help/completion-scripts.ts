/**
 * What a shell needs to have `tourniquet complete` answer its questions: one candidate a line, `word<TAB>meaning`,
 * and `:files` where a path can stand. The program's own name on the command line is what is asked, so that a
 * checkout completes as what it is.
 */
export const COMPLETION_SCRIPTS = {
  bash: `# tourniquet completion bash > /etc/bash_completion.d/tourniquet
_tourniquet() {
  local current=\${COMP_WORDS[COMP_CWORD]} line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
    else
      line=\${line%%$'\\t'*}
      # bash completes only what follows the = of --option=value.
      [[ $line == --*=* && $current != --* ]] && line=\${line#*=}
      COMPREPLY+=("$line")
    fi
  done < <("\${COMP_WORDS[0]}" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _tourniquet tourniquet
`,
  zsh: `#compdef tourniquet
# tourniquet completion zsh > "\${fpath[1]}/_tourniquet"
_tourniquet() {
  local line files=0
  local -a described
  for line in "\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == :files ]]; then files=1
    elif [[ $line == *$'\\t'?* ]]; then described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    elif [[ -n $line ]]; then described+=("\${\${line%%$'\\t'*}//:/\\\\:}")
    fi
  done
  (( \${#described} )) && _describe tourniquet described
  (( files )) && _files
}
if [[ $funcstack[1] == _tourniquet ]]; then _tourniquet "$@"; else compdef _tourniquet tourniquet; fi
`,
  fish: `# tourniquet completion fish > ~/.config/fish/completions/tourniquet.fish
function __tourniquet_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] complete -- $words[2..-1] 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path (commandline -ct)
        else
            printf '%s\\n' $line
        end
    end
end
complete -c tourniquet -f -a '(__tourniquet_complete)'
`,
} as const;

export type CompletionShell = keyof typeof COMPLETION_SCRIPTS;
