# complete.zsh FOLDER LINE...: what an interactive zsh shows and runs when Tab and Return follow each line; FOLDER is in its fpath.
zmodload zsh/zpty
folder=$1; shift
zpty inner "TERM=dumb zsh -f -i"
zpty -w inner "fpath=(${(q)folder} \$fpath); autoload -Uz compinit; compinit -u -D"
# The command line as it was run. Quoted apart, so that what zsh echoes of this line is not taken for an answer.
zpty -w inner "eqm-replay() { print -r -- 'ran'\" [\$*]\" }"
for line in "$@"; do
  zpty -n -w inner "$line"$'\t\n'
  zpty -r inner reply '*ran \[*\]*'
  print -r -- "$reply"
done
zpty -d inner
