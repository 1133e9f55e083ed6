#!/bin/sh
# usage: run.sh PROGRAM [ARGUMENT…] — runs a program of this repository, named from its top, on the pinned Node and
# installs what is missing before, as the command `buildit` does. `npm test` on a fresh clone stands on it.
set -eu

home=$(cd -P "$(dirname "$0")/.." && pwd)
program=$home/$1
shift
cd "$home"
. "$home/scripts/start.sh"
