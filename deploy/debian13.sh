#!/usr/bin/env bash
# RabbitMQ 4.0 and PostgreSQL 17 beside Debian 12's 3.10 and 15: Debian 13's own packages, laid
# once into a folder by debootstrap. Root needed; no container engine, no image registry.
#
#   debian13.sh path        print where the folder is (made or not)
#   debian13.sh make        lay the system into it, once (about a minute), and print where it is
#   debian13.sh bind DIR    inside a mount namespace of the caller's: make /proc, /dev and DIR
#                           visible in it under the same paths
#
# The folder is ${HILO_CACHE:-$HOME/.cache/hilo}/debian13. with-services.sh --newer is its user.
set -euo pipefail

root=$(readlink -m "${HILO_CACHE:-$HOME/.cache/hilo}/debian13")

make() {
  mkdir -p "$(dirname "$root")"
  # Two callers at once would lay the same folder twice.
  exec 9>"$root.lock"
  flock 9
  [[ ! -x $root/usr/sbin/rabbitmq-server ]] || return 0
  [[ $(id -u) == 0 ]] || { echo "debian13.sh: making $root needs root" >&2; return 1; }
  if ! command -v debootstrap >/dev/null; then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends debootstrap >/dev/null
  fi
  echo "debian13.sh: laying Debian 13 with RabbitMQ 4 and PostgreSQL 17 into $root" >&2
  # A half-made system must never be taken for a whole one: it gets its name when it is done.
  local half=$root.half
  rm -rf "$half"
  debootstrap --variant=minbase trixie "$half" >"$root.log" 2>&1 ||
    { tail -20 "$root.log" >&2; return 1; }
  # No daemon starts at install, and PostgreSQL makes no cluster of its own.
  printf '#!/bin/sh\nexit 101\n' >"$half/usr/sbin/policy-rc.d"
  chmod +x "$half/usr/sbin/policy-rc.d"
  mkdir -p "$half/etc/postgresql-common"
  echo 'create_main_cluster = false' >"$half/etc/postgresql-common/createcluster.conf"
  # An Erlang node named …@localhost needs the name; debootstrap writes no hosts file.
  echo '127.0.0.1 localhost' >"$half/etc/hosts"
  chroot "$half" env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 \
    apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold \
    rabbitmq-server postgresql-17 >>"$root.log" 2>&1 </dev/null ||
    { tail -20 "$root.log" >&2; return 1; }
  chroot "$half" apt-get clean
  mv "$half" "$root"
}

bind() {
  # In the caller's own namespace the mounts end with its last process: nothing to unmount, and
  # nothing under / that a later `rm -r` of the folder could reach.
  [[ $(readlink /proc/self/ns/mnt) != "$(readlink "/proc/1/ns/mnt")" ]] ||
    { echo "debian13.sh: bind only inside 'unshare --mount'" >&2; return 1; }
  mount --rbind /proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mkdir -p "$root$1"
  mount --bind "$1" "$root$1"
}

case ${1:-} in
path) ;;
make) make ;;
bind) bind "$(readlink -f "${2:?the folder to show}")" ;;
*) echo "usage: debian13.sh path | make | bind DIR" >&2; exit 2 ;;
esac
echo "$root"
