#!/usr/bin/env bash
# A virtual environment with what the requirements files pin, made once; prints its python.
#
#   python.sh [DIR] REQUIREMENTS...
#
# DIR is ${HILO_CACHE:-$HOME/.cache/hilo}/venv-<hash of python's version and the files> if the first
# argument is a file. Safe for concurrent callers: one makes it, the others wait.
set -euo pipefail

(($#)) || { echo 'usage: python.sh [DIR] REQUIREMENTS...' >&2; exit 2; }
dir=''
[[ -f $1 ]] || { dir=$1; shift; }
(($#)) || { echo 'python.sh: which requirements?' >&2; exit 2; }

"$(dirname "$(readlink -f "$0")")/provision.sh" python
if [[ -z $dir ]]; then
  hash=$({ python3 -VV; cat -- "$@"; } | sha256sum | cut -c1-16)
  dir=${HILO_CACHE:-$HOME/.cache/hilo}/venv-$hash
fi
dir=$(readlink -m "$dir")
mkdir -p "$(dirname "$dir")"

exec 9>"$dir.lock"
flock 9
# The mark is written last: an environment whose installation was interrupted is made again. It is
# made in place, not renamed into it, because a virtual environment knows its own path.
mark=$dir/.complete
wanted=$(cat -- "$@" | sha256sum)
if [[ ! -f $mark || $(<"$mark") != "$wanted" ]]; then
  echo "python.sh: making $dir" >&2
  rm -rf "$dir"
  python3 -m venv "$dir" >&2
  files=()
  for file in "$@"; do files+=(--requirement "$file"); done
  "$dir/bin/python" -m pip install --quiet --disable-pip-version-check "${files[@]}" >&2 </dev/null
  echo "$wanted" >"$mark"
fi
echo "$dir/bin/python"
