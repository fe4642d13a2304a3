# The built form of the dlm command, under target/launcher. Sourced by ./dlm, which sets root and JAVA_HOME.
#
#   target/launcher/stamp         touched when a build that succeeded began; sources newer than it ask for another
#   target/launcher/current       the name of the generation to start
#   target/launcher/<generation>  jars, class-path and the JVM's ahead-of-time caches of one build
#
# A build never changes a generation that a running command may have open, and keeps its own compiler output, apart
# from that of "./dev": neither disturbs the other.

launcher=$root/target/launcher
launcher_modules="graph-ir compiler runtime kernels-cpu kernels-opencl dsl training cli"

# One thread collects garbage: a step allocates next to nothing, and the process starts sooner.
java_options="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC"

# For commands that run kernels. The JVM greets this module with a warning that no option turns off.
vector_options="--add-modules jdk.incubator.vector"

# Whether the last build is newer than all it was made from.
launcher_is_current() {
  [ -f "$launcher/current" ] && is_newer_than_sources "$launcher/stamp"
}

# is_newer_than_sources STAMP [SOURCE…]: whether STAMP is there and newer than the sources of the product and those
# named. A directory's time changes when a file in it goes away.
is_newer_than_sources() {
  stamp=$1
  [ -f "$stamp" ] || return 1
  shift
  set -- "$@" "$root/pom.xml" "$root/.mvn" "$root/scripts"
  for module in $launcher_modules; do
    set -- "$@" "$root/$module/pom.xml" "$root/$module/src/main"
  done
  [ -z "$(find "$@" -newer "$stamp" 2>/dev/null | head -n 1)" ]
}

build_launcher() {
  under_lock build_launcher_alone
}

# under_lock COMMAND…: runs a function while no other build is running, in a shell of its own.
under_lock() {
  mkdir -p "$launcher"
  if command -v flock >/dev/null 2>&1; then
    (
      flock 9
      "$@"
    ) 9>"$launcher/lock"
    return
  fi
  # Without flock (macOS) a directory is the lock: making one is atomic.
  waited=0
  until mkdir "$launcher/lock.d" 2>/dev/null; do
    if [ "$waited" -eq 600 ]; then
      echo "dlm: another build has held $launcher/lock.d for ten minutes; if none is running, remove that directory." >&2
      return 1
    fi
    sleep 1
    waited=$((waited + 1))
  done
  trap 'rmdir "$launcher/lock.d"' EXIT
  status=0
  ("$@") || status=$?
  trap - EXIT
  rmdir "$launcher/lock.d"
  return "$status"
}

build_launcher_alone() {
  # Whoever held the lock before may have built just this.
  if launcher_is_current; then
    return 0
  fi
  log=$launcher/build.log
  if [ -f "$launcher/current" ]; then
    echo "dlm: sources changed, building again (log: $log)" >&2
  else
    echo "dlm: building for the first use, a minute or two; Maven fetches what it needs (log: $log)" >&2
  fi

  generation=$(date +%Y%m%d%H%M%S)-$$
  libraries=$launcher/$generation/lib
  mkdir -p "$libraries"
  : >"$launcher/stamp.new"
  if ! maven_jars launcher cli "$libraries" >"$log" 2>&1; then
    rm -rf "${launcher:?}/$generation" "$launcher/stamp.new"
    echo "dlm: the build failed; $log begins:" >&2
    head -n 15 "$log" >&2
    return 1
  fi

  class_path=
  for jar in "$libraries"/*.jar; do
    class_path=${class_path:+$class_path:}$jar
  done
  printf '%s\n' "$class_path" >"$launcher/$generation/class-path"
  make_cache plain "$java_options" check "$root/samples/mlp/mlp.dlm" >>"$log" 2>&1
  make_cache vector "$java_options $vector_options" train "$root/samples/mlp/mlp.dlm" --epochs 1 --max-batches 3 \
    --out "$launcher/$generation/rehearsal" >>"$log" 2>&1
  rm -rf "${launcher:?}/$generation/rehearsal"

  previous=
  [ ! -f "$launcher/current" ] || read -r previous <"$launcher/current"
  printf '%s\n' "$generation" >"$launcher/current.new"
  mv "$launcher/current.new" "$launcher/current"
  mv "$launcher/stamp.new" "$launcher/stamp"

  # The generation before may still be running; those before it go.
  for directory in "$launcher"/*/; do
    name=$(basename "$directory")
    case $name in
      "$generation" | "$previous" | lock.d) ;;
      *) rm -rf "$directory" ;;
    esac
  done
}

# make_cache NAME OPTIONS ARGUMENT…: writes NAME.aot, the classes that the command with these arguments loads and links
# and what the JVM learns of them. It serves only a JVM with the same modules and garbage collector. Without it all
# works, only slower.
make_cache() {
  cache=$launcher/$generation/$1.aot
  options=$2
  shift 2
  # shellcheck disable=SC2086
  "$JAVA_HOME/bin/java" -XX:AOTCacheOutput="$cache" -Xlog:disable $options -cp "$class_path" dev.dlm.cli.Main "$@" 9>&- ||
    rm -f "$cache"
}

# maven_jars PROFILES MODULE DIRECTORY: a module and those it needs as jars, with the libraries they need.
maven_jars() {
  cd "$root" && ./mvnw -B -ntp -q -P"$1" -pl "$2" -am -Djar.directory="$3" \
    process-classes jar:jar dependency:copy-dependencies \
    -DincludeScope=runtime -DexcludeGroupIds=dev.dlm -DoutputDirectory="$3" </dev/null 9>&-
}
