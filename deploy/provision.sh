#!/usr/bin/env bash
# Installs what a target needs and the machine lacks, from Debian's own packages, and nothing else:
#
#   provision.sh [postgres] [rabbitmq] [node] [chromium] [python]
#
# A C compiler is always made sure of: `ring`, under TLS, compiles C. Installs binaries only: no
# system cluster is created and no daemon is started, because tests and the demo run private ones.
# Idempotent; silent when nothing is missing. Needs root only when something is.
set -euo pipefail

have() { command -v "$1" >/dev/null; }
have_postgres() { have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
# /usr/sbin is not on everybody's PATH.
have_rabbitmq() { [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]]; }
have_chromium() { have chromium || have chromium-browser || have google-chrome; }
have_python() { python3 -c 'import venv, ensurepip' 2>/dev/null; }

packages=()
have cc || packages+=(gcc libc6-dev)
for what in "$@"; do
  case $what in
  postgres) have_postgres || packages+=(postgresql) ;;
  rabbitmq) have_rabbitmq || packages+=(rabbitmq-server) ;;
  node)
    have node || packages+=(nodejs)
    # NodeSource's nodejs brings npm along; Debian's does not.
    have npm || packages+=(npm)
    ;;
  chromium) have_chromium || packages+=(chromium fonts-dejavu-core) ;;
  python) have_python || packages+=(python3 python3-venv) ;;
  *)
    echo "provision.sh: no such thing as '$what' (postgres rabbitmq node chromium python)" >&2
    exit 2
    ;;
  esac
done
((${#packages[@]})) || exit 0

if ! have apt-get; then
  echo "provision.sh: missing ${packages[*]}, and there is no apt here: install them by hand" >&2
  exit 1
elif ((EUID != 0)); then
  echo "provision.sh: missing ${packages[*]}; as root: deploy/provision.sh $*" >&2
  exit 1
fi
echo "provision.sh: apt-get install ${packages[*]}" >&2

# Two callers at once would take each other's policy file away.
exec 9>/run/lock/hilo-provision.lock
flock 9

# Exit 101 forbids a package's scripts to start its daemon. A policy that was here before (container
# images have one) comes back afterwards.
policy=/usr/sbin/policy-rc.d
log=$(mktemp)
restore() {
  rm -f "$policy" "$log"
  [[ ! -e $policy.before-hilo ]] || mv "$policy.before-hilo" "$policy"
}
trap restore EXIT
[[ ! -e $policy || -e $policy.before-hilo ]] || mv "$policy" "$policy.before-hilo"
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod +x "$policy"

if [[ " ${packages[*]} " == *' postgresql '* ]]; then
  clusters=/etc/postgresql-common/createcluster.conf
  mkdir -p "$(dirname "$clusters")"
  grep -qs '^create_main_cluster *= *false' "$clusters" ||
    echo 'create_main_cluster = false' >>"$clusters"
fi

apt() {
  # Closed stdin and the two "keep what is there" switches: CI has nobody to answer a question.
  DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get -y -qq \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o Dpkg::Options::=--force-confold \
    "$@" >"$log" 2>&1 </dev/null || { tail -30 "$log" >&2; return 1; }
}
# A source that does not answer may be one we do not need: the install is what decides.
apt update || echo 'provision.sh: apt-get update failed, going on' >&2
apt install --no-install-recommends "${packages[@]}"
