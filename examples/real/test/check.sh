#!/bin/sh
# Checks one source: awk can read it, and it survives being put in single quotes.
set -eu
source=${1:?usage: check.sh FILE}
if grep -n "'" "$source"; then
    echo "$source: a single quote would end the program in build/roman" >&2
    exit 1
fi
awk -f src/roman.awk -f src/main.awk < /dev/null
echo "$source is fine"
