# Simulates a docker client, its engine, and programs of the host: fake-docker.sh ENGINE PRIVATE-ENGINE PROGRAM
# ARGUMENT... Containers and networks are folders of small files in the engine's folder (fake-engine.ts also writes
# them). It starts almost no other programs, because the tests call it some hundred times.
set -u

case ${DOCKER_HOST-} in
  */engine/docker.sock) engine=$2 ;;
  *) engine=$1 ;;
esac
program=$3
shift 3

fail() {
  printf '%s\n' "$1" >&2
  exit "${2-1}"
}

[ -d "$engine" ] || fail 'Cannot connect to the Docker daemon'
printf '%s\n' "$program $*" >>"$engine/log"

# Sets `value` to the content of a file, or to nothing if the file does not exist.
read_file() {
  value=
  [ -e "$1" ] || return 0
  IFS= read -r value <"$1" || return 0
}

# Prints the folder name of the object with this id, id prefix or name. $1: containers or networks.
find_id() {
  for folder in "$engine/$1"/*; do
    [ -d "$folder" ] || continue
    read_file "$folder/name"
    case ${folder##*/} in "$2"*) printf '%s' "${folder##*/}" && return 0 ;; esac
    [ "$value" != "$2" ] || { printf '%s' "${folder##*/}" && return 0; }
  done
  return 1
}

# $1: containers or networks. The other arguments: ids or names.
remove() {
  kind=$1
  shift
  for id; do
    found=$(find_id "$kind" "$id") || fail "Error: No such $kind: $id"
    read_file "$engine/$kind/$found/name"
    rm -r "${engine:?}/$kind/$found"
    rm -f "$engine/names/$value"
    printf '%s\n' "$id"
  done
}

# Prints a line of `docker ps` for the container in folder $1, by the format $2. Unknown fields are empty.
formatted() {
  left=$2
  line=
  while :; do
    case $left in *'{{'*'}}'*) ;; *) break ;; esac
    line=$line${left%%'{{'*}
    left=${left#*'{{'}
    field=${left%%'}}'*}
    left=${left#*'}}'}
    case $field in
      .ID) value=${1##*/} ;;
      .Names) read_file "$1/name" ;;
      .State) read_file "$1/state" ;;
      .Networks) read_file "$1/networks" ;;
      '.Label "'*) field=${field#*'"'} && read_file "$1/labels/${field%'"'}" ;;
      *) value= ;;
    esac
    line=$line$value
  done
  printf '%s\n' "$line$left"
}

# Succeeds if the container in folder $1 passes the filter $2.
passes() {
  key=${2#*=}
  case $2 in
    name=*)
      read_file "$1/name"
      printf '%s\n' "$value" | grep -Eq -e "$key"
      ;;
    label=*=*)
      [ -e "$1/labels/${key%%=*}" ] || return 1
      read_file "$1/labels/${key%%=*}"
      [ "$value" = "${key#*=}" ]
      ;;
    label=*) [ -e "$1/labels/$key" ] ;;
    *) fail "unknown: --filter $2" ;;
  esac
}

docker_ps() {
  format=
  filters=
  while [ $# -gt 0 ]; do
    case $1 in
      --filter) filters=$filters$2'
' && shift ;;
      --format) format=$2 && shift ;;
    esac
    shift
  done
  for container in "$engine/containers"/*; do
    [ -d "$container" ] || continue
    kept=yes
    while IFS= read -r filter; do
      [ -z "$filter" ] || passes "$container" "$filter" || kept=no
    done <<EOF
$filters
EOF
    [ $kept = no ] || formatted "$container" "$format"
  done
}

docker_inspect() {
  format=
  while [ $# -gt 0 ]; do
    case $1 in
      --format | -f) format=$2 && shift ;;
      -*) ;;
      *) break ;;
    esac
    shift
  done
  missing=no
  for wanted; do
    found=$(find_id containers "$wanted") || { missing=yes && continue; }
    case $format in
      '{{.Image}}') read_file "$engine/containers/$found/image" ;;
      '{{json .NetworkSettings.Networks}}') read_file "$engine/containers/$found/networks.json" ;;
      *) value= ;;
    esac
    printf '%s\n' "$value"
  done
  [ $missing = no ] || fail 'Error: No such container'
}

docker_network() {
  command=$1
  shift
  case $command in
    ls)
      for network in "$engine/networks"/*; do
        [ ! -d "$network" ] || printf '%s\n' "${network##*/}"
      done
      ;;
    rm) remove networks "$@" ;;
    inspect)
      all=
      for id; do
        read_file "$engine/networks/$id/inspected.json"
        [ -z "$value" ] || all=$all${all:+,}$value
      done
      printf '[%s]\n' "$all"
      ;;
    *) fail "unknown: network $command $*" ;;
  esac
}

# Without a name it runs a program of the host. With one, it repeats its input until its stdin ends.
docker_run() {
  name=
  entrypoint=
  id=$(printf '%064x' $$)
  new=$engine/new-$id
  mkdir -p "$new/labels"
  while [ $# -gt 0 ]; do
    case $1 in
      --name) name=$2 && shift ;;
      --entrypoint) entrypoint=$2 && shift ;;
      --entrypoint=*) entrypoint=${1#*=} ;;
      --label=*)
        label=${1#*=}
        printf '%s\n' "${label#*=}" >"$new/labels/${label%%=*}"
        ;;
      -*) ;;
      *) break ;;
    esac
    shift
  done
  image=$1
  shift
  if [ -z "$name" ]; then
    rm -r "$new"
    on_host "$entrypoint" "$@"
    return
  fi
  refused=
  [ "$image" != missing ] || refused="No such image: $image."
  # Opened in one step, so that only one of two processes gets the name.
  [ -n "$refused" ] || (set -C && : >"$engine/names/$name") 2>/dev/null ||
    refused="Conflict. The container name \"/$name\" is already in use."
  if [ -n "$refused" ]; then
    rm -r "$new"
    fail "docker: Error response from daemon: $refused" 125
  fi
  for field in "name $name" 'state running' "image $image" 'networks.json {}'; do
    printf '%s\n' "${field#* }" >"$new/${field%% *}"
  done
  mv "$new" "$engine/containers/$id"
  while IFS= read -r told; do printf '%s\n' "$told"; done
  remove containers "$id"
}

# The host's firewall has no rules of the engine.
on_host() {
  [ "$1" = ip ] || return 0
  shift
  case " $* " in
    ' link delete '*)
      kept=$(grep -Fxv -e "$3" "$engine/links")
      printf '%s' "$kept${kept:+
}" >"$engine/links"
      ;;
    *' master '*) cat "$engine/ports" ;;
    *) cat "$engine/links" ;;
  esac
}

if [ "$program" != docker ]; then
  on_host "$program" "$@"
  exit 0
fi
command=$1
shift
case $command in
  info)
    case $* in
      *'{{json .}}'*) printf '%s\n' '{"ServerVersion":"27.0","CgroupVersion":"2","Driver":"overlay2"}' ;;
      *) printf '%s\n' /var/lib/fake ;;
    esac
    ;;
  ps) docker_ps "$@" ;;
  inspect) docker_inspect "$@" ;;
  container) shift && docker_inspect "$@" ;;
  exec)
    [ "$1" != --interactive ] || cat >/dev/null
    printf '%s\n' '{}'
    ;;
  image) printf '%s\n' 'holdfast/node 0a' ;;
  rm)
    while case ${1-} in -*) true ;; *) false ;; esac do shift; done
    remove containers "$@"
    ;;
  network) docker_network "$@" ;;
  run) docker_run "$@" ;;
  *) fail "unknown: $command $*" ;;
esac
