#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Installs what building and testing MIND needs and this machine lacks: the
# Debian packages of utils/debian-packages.txt, and the Python packages of
# python/requirements-dev.txt in .venv. Does nothing, quickly, when all is there.
#
#   MIND_PACKAGES=manual   you provide the system packages; only .venv is made

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=utils/debian-packages.txt
requirements=(python/requirements.txt python/requirements-dev.txt)

say() { echo "setup: $*" >&2; }

# The lines of the list that this machine does not satisfy.
missing_packages() {
  local installed line name wanted
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package} ${Version}\n' 2>/dev/null)
  grep -v -e '^#' -e '^$' "$packages" | while read -r line; do
    name=${line%%=*} wanted=${line#*=}
    # shellcheck disable=SC2053  # the right side is a pattern
    [[ $(awk -v n="$name" '$1 == "installed" && $2 == n {print $3; exit}' <<<"$installed") == $wanted ]] ||
      echo "$line"
  done
}

explain_other_system() {
  cat >&2 <<TEXT
setup: this is not Debian 12, whose packages MIND's set-up installs by itself.
Please install, by your own means, what corresponds to:

$(grep -v -e '^#' -e '^$' "$packages" | sed 's/^/    /')

MIND needs LLVM and MLIR 22.1 (built with RTTI, static libraries included).
Where they are not in /usr/lib/llvm-22, tell CMake in a CMakeUserPresets.json:

    { "version": 6,
      "configurePresets": [ {
        "name": "mine", "inherits": "release",
        "binaryDir": "\${sourceDir}/build-mine",
        "cacheVariables": {
          "CMAKE_PREFIX_PATH": "/path/to/llvm-22",
          "CMAKE_C_COMPILER": "/path/to/clang",
          "CMAKE_CXX_COMPILER": "/path/to/clang++" } } ] }

Then run:    MIND_PACKAGES=manual make build PRESET=mine
TEXT
}

install_packages() {
  [[ ${MIND_PACKAGES:-} == manual ]] && return
  if ! command -v apt-get >/dev/null ||
     ! (. /etc/os-release && [[ $ID == debian && $VERSION_ID == 12 ]]); then
    explain_other_system
    exit 2
  fi
  local missing sudo=()
  mapfile -t missing < <(missing_packages)
  ((${#missing[@]} == 0)) && return
  say "installing ${missing[*]}"
  if ((EUID != 0)); then sudo=(sudo); fi
  "${sudo[@]}" apt-get update -q
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}"
}

install_python() {
  local stamp=.venv/mind-requirements hash
  hash=$(cat "${requirements[@]}" | sha256sum)
  [[ -x .venv/bin/python && -f $stamp && $(<"$stamp") == "$hash" ]] && return
  if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
    say "Python 3.10 or newer is needed; python3 is $(python3 --version 2>&1 || true)"
    exit 2
  fi
  [[ -x .venv/bin/python ]] || { say "making .venv"; python3 -m venv .venv; }
  say "installing the Python packages of ${requirements[*]}"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check \
    -r python/requirements-dev.txt
  echo "$hash" >"$stamp"
}

install_packages
install_python
