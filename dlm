#!/bin/sh
# The dlm command, from a checkout: builds itself on first use and whenever its sources are newer, then starts.
# DLM_JAVA_OPTS: further options for the JVM, separated by blanks.
# DLM_CLASS_PATH: jars and folders of classes with ops of one's own, separated by colons.
set -eu

script=$0
while [ -L "$script" ]; do
  link=$(readlink "$script")
  case $link in
    /*) script=$link ;;
    *) script=$(dirname "$script")/$link ;;
  esac
done
root=$(cd "$(dirname "$script")" && pwd -P)

. "$root/scripts/find-jdk.sh"
find_jdk || exit 2
. "$root/scripts/launcher.sh"

launcher_is_current || build_launcher || exit 3

read -r generation <"$launcher/current"
read -r class_path <"$launcher/$generation/class-path"
# "show --profile" runs kernels, other ways to show do not.
case ${1:-} in
  show)
    cache=plain
    case " $* " in
      *" --profile "*)
        cache=vector
        java_options="$java_options $vector_options"
        ;;
    esac
    ;;
  "" | help | -h | --help | -V | --version | check | fmt | compile | inspect) cache=plain ;;
  *)
    cache=vector
    java_options="$java_options $vector_options"
    ;;
esac
# Whether standard error is a terminal, and how wide, the JVM cannot tell.
if [ -t 2 ]; then
  java_options="$java_options -Ddlm.terminal=${COLUMNS:-$(tput cols 2>/dev/null || echo 80)}"
fi
cache=$launcher/$generation/$cache.aot
class_path=$class_path${DLM_CLASS_PATH:+:$DLM_CLASS_PATH}
if [ -f "$cache" ]; then
  set -- -XX:AOTCache="$cache" -cp "$class_path" dev.dlm.cli.Main "$@"
else
  set -- -cp "$class_path" dev.dlm.cli.Main "$@"
fi
# shellcheck disable=SC2086 # options are separated by blanks
exec "$JAVA_HOME/bin/java" $java_options ${DLM_JAVA_OPTS:-} "$@"
