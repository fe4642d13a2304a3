# The built form of the benchmarks, under target/bench. Sourced by ./dev behind launcher.sh, whose rules for builds hold.
#
#   target/bench/<variant>/lib    jars of a build: "plain", with the "peers", or with JMH ("jmh")
#   target/bench/<variant>/stamp  touched when that build began

benchmarks=$root/target/bench

# benchmarks_variant ARGUMENT…: sets variant to what the arguments of "./dev bench" ask for. Peers and JMH are fetched
# only where they are asked for.
benchmarks_variant() {
  variant=peers
  [ "${1:-}" != --jmh ] || variant=jmh
  before=
  for argument; do
    case $before$argument in
      --peers=none | "--peers none" | --help | -h) variant=plain ;;
    esac
    before=
    [ "$argument" != --peers ] || before="--peers "
  done
}

# build_benchmarks VARIANT: builds it unless it is newer than all sources.
build_benchmarks() {
  benchmarks_are_current "$1" || under_lock build_benchmarks_alone "$1"
}

benchmarks_are_current() {
  is_newer_than_sources "$benchmarks/$1/stamp" "$root/benchmarks/pom.xml" "$root/benchmarks/src"
}

build_benchmarks_alone() {
  # Whoever held the lock before may have built just this.
  if benchmarks_are_current "$1"; then
    return 0
  fi
  folder=$benchmarks/$1
  log=$folder/build.log
  profiles=launcher
  [ "$1" = plain ] || profiles=launcher,$1
  mkdir -p "$folder"
  echo "dev: building the benchmarks; Maven fetches what it needs (log: $log)" >&2
  : >"$folder/stamp.new"
  rm -rf "$folder/lib.new"
  mkdir "$folder/lib.new"
  if ! maven_jars "$profiles" benchmarks "$folder/lib.new" >"$log" 2>&1; then
    echo "dev: the build failed; $log begins:" >&2
    head -n 15 "$log" >&2
    return 1
  fi
  rm -rf "$folder/lib"
  mv "$folder/lib.new" "$folder/lib"
  mv "$folder/stamp.new" "$folder/stamp"
}

# benchmarks_class_path VARIANT: sets class_path to the jars of a build.
benchmarks_class_path() {
  class_path=
  for jar in "$benchmarks/$1/lib"/*.jar; do
    class_path=${class_path:+$class_path:}$jar
  done
}
