# Finds a JDK 25 or later without starting one: its `release` file says what it is.
#
# find_jdk: sets `jdk` to its directory, or fails and sets `seen` to what was found instead.
# Sourced by the launcher and by the checks; must run on bash 3.2.

least_jdk=25
usual_places=(
  /usr/lib/jvm/* /opt/* /opt/java/* /usr/java/*
  "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*
  {,"$HOME"}/Library/Java/JavaVirtualMachines/*/Contents/Home
)

# Follows symbolic links; the answer is in REPLY, since a subshell would cost a millisecond each.
follow_links() {
  local link
  REPLY=$1
  while [ -L "$REPLY" ]; do
    link=$(readlink "$REPLY")
    case $link in
      /*) REPLY=$link ;;
      *) REPLY=${REPLY%/*}/$link ;;
    esac
  done
}

# Takes the directory $1 if it holds a JDK that is new enough, else notes what it holds.
take_jdk() {
  local line version= major
  [ -x "$1/bin/java" ] || return 1
  if [ -r "$1/release" ]; then
    while IFS= read -r line; do
      case $line in
        JAVA_VERSION=*) version=${line#*\"} version=${version%%\"*}; break ;;
      esac
    done <"$1/release"
  fi
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -version 2>&1)
    version=${version#*\"} version=${version%%\"*}
  fi
  major=${version%%[!0-9]*}
  if [ "${major:-0}" -ge "$least_jdk" ]; then
    if [ -x "$1/bin/javac" ]; then
      jdk=$1
      return 0
    fi
    version="$version without a compiler"
  fi
  case $seen in
    *"Java $version "*) ;;
    *) seen="${seen:+$seen, }Java $version ($1)" ;;
  esac
  return 1
}

find_jdk() {
  local java place
  jdk= seen=
  if [ -n "${JAVA_HOME:-}" ] && take_jdk "$JAVA_HOME"; then return 0; fi
  if java=$(type -P java); then
    follow_links "$java"
    follow_links "${REPLY%/*}" # bin itself may be a link
    if take_jdk "${REPLY%/*}"; then return 0; fi
  fi
  for place in "${usual_places[@]}"; do
    if take_jdk "$place"; then return 0; fi
  done
  return 1
}
