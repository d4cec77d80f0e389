# complete.bash SCRIPT WORD...: what bash offers for the last word, by the completion script.
source "$1"
function=$(complete -p eqm-replay | sed 's/.*-F \([^ ]*\) .*/\1/')
shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
"$function" eqm-replay "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\n' "${COMPREPLY[@]}"
