#!/bin/sh
# Docker asks for every capability it knows in --privileged containers, and runc refuses one that is missing
# from the bounding set. This stands before runc and takes CAP_SYS_RESOURCE out of what is asked.
set -eu

spec=
previous=
for argument in "$@"; do
  case $previous in
    --bundle | -b) spec=$argument/config.json ;;
    --process | -p) spec=$argument ;;
  esac
  case $argument in
    --bundle=*) spec=${argument#*=}/config.json ;;
    --process=*) spec=${argument#*=} ;;
  esac
  previous=$argument
done

# JSON strings hold no raw line breaks, so the lines can be joined; only the capability sets are edited,
# never an argument or a variable that happens to have the same text.
set='("(bounding|effective|inheritable|permitted|ambient)"[[:space:]]*:[[:space:]]*\['
name='"CAP_SYS_RESOURCE"[[:space:]]*'
if [ -n "$spec" ] && grep -q CAP_SYS_RESOURCE "$spec"; then
  tr '\n' ' ' <"$spec" | sed -E \
    -e ':first' -e "s/$set[[:space:]]*)$name,/\\1/" -e 't first' \
    -e ':rest' -e "s/$set[^]]*[^],[:space:]])[[:space:]]*,[[:space:]]*$name/\\1/" -e 't rest' \
    -e "s/$set[[:space:]]*)$name\\]/\\1]/g" >"$spec.without"
  cat "$spec.without" >"$spec"
  rm "$spec.without"
fi

exec runc "$@"
