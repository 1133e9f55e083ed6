/**
 * What each shell needs to ask `buildit` itself: with BUILDIT_COMPLETE set the command
 * prints the words that could stand at the end of its arguments, one a line.
 */
export const COMPLETION_SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# bash completion of buildit: source <(buildit completion bash)
_buildit() {
  local IFS=$'\\n'
  COMPREPLY=($(BUILDIT_COMPLETE=1 "\${COMP_WORDS[0]}" "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _buildit buildit
`,
  zsh: `#compdef buildit
# zsh completion of buildit: buildit completion zsh > "\${fpath[1]}/_buildit"
_buildit() {
  local -a found
  found=(\${(f)"$(BUILDIT_COMPLETE=1 \${words[1]} "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( $#found )); then compadd -a found; else _files; fi
}
if [ "$funcstack[1]" = "_buildit" ]; then _buildit "$@"; else compdef _buildit buildit; fi
`,
  fish: `# fish completion of buildit: buildit completion fish > ~/.config/fish/completions/buildit.fish
complete -c buildit -a '(env BUILDIT_COMPLETE=1 buildit (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
};
