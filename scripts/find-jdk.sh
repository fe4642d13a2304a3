# Finds a JDK 25 or later. Sourced by ./dlm and ./dev, so that both choose the same one.
#
# find_jdk sets JAVA_HOME and returns 0, or says on standard error how to get a JDK and returns 1.
# A version is read from the "release" file of a JDK: starting java for it would cost more than the search.

# jdk_version DIRECTORY: sets version to the feature version of the JDK there, or to nothing where there is none.
jdk_version() {
  version=
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      JAVA_VERSION=*)
        version=${line#JAVA_VERSION=}
        version=${version#\"}
        version=${version%%[!0-9]*}
        return 0
        ;;
    esac
  done <"$1/release"
}

# home_of COMMAND: prints the JDK a command on the search path belongs to, through all its symbolic links.
home_of() {
  target=$(command -v "$1") || return 0
  while [ -L "$target" ]; do
    link=$(readlink "$target")
    case $link in
      /*) target=$link ;;
      *) target=${target%/*}/$link ;;
    esac
  done
  bin=$(cd "${target%/*}" 2>/dev/null && pwd -P) || return 0
  printf '%s\n' "${bin%/bin}"
}

find_jdk() {
  required=25
  found=
  found_version=

  jdk_version "${JAVA_HOME:-}"
  if [ -n "$version" ] && [ "$version" -ge "$required" ]; then
    export JAVA_HOME
    return 0
  fi

  # Of all others the oldest that serves is taken: it is the release the build was tried with.
  on_path=$(home_of javac)
  set -- "$on_path" \
    "${JAVA_HOME_25_X64:-}" "${JAVA_HOME_25_ARM64:-}" \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /usr/local/openjdk* /usr/local/jdk* /opt/* /opt/java/* /opt/jdk/* \
    "${HOME:-/}"/.sdkman/candidates/java/* "${HOME:-/}"/.jdks/* "${HOME:-/}"/.gradle/jdks/* \
    "${HOME:-/}"/.asdf/installs/java/* "${HOME:-/}"/.local/share/mise/installs/java/* "${HOME:-/}"/.jenv/versions/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-/}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "${HOME:-/}"/scoop/apps/*/current
  for candidate; do
    [ -n "$candidate" ] || continue
    jdk_version "$candidate"
    [ -n "$version" ] && [ "$version" -ge "$required" ] || continue
    if [ -z "$found" ] || [ "$version" -lt "$found_version" ]; then
      found=$candidate
      found_version=$version
    fi
  done

  if [ -z "$found" ]; then
    echo "dlm needs a JDK $required or later and found none: get one from https://adoptium.net/temurin/releases/?version=$required (or 'sdk install java $required-tem'), then put it on PATH or set JAVA_HOME." >&2
    return 1
  fi
  JAVA_HOME=$found
  export JAVA_HOME
}
