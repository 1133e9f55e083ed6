#!/bin/sh
# Runs the program on every case, in both directions.
set -u
program=${1:?usage: run.sh PROGRAM}
failed=0
count=0
expect() {
    count=$((count + 1))
    got=$(echo "$1" | sh "$program" 2>&1)
    if [ "$got" != "$2" ]; then
        failed=$((failed + 1))
        echo "not ok: $1 gave $got, wanted $2"
    fi
}
while read -r number numeral; do
    expect "$number" "$numeral"
    expect "$numeral" "$number"
done < test/cases.txt
expect "IIII" 'roman: line 1: "IIII" is no number from 1 to 3999'
expect "4000" 'roman: line 1: "4000" is no number from 1 to 3999'
echo "$count cases, $failed failed"
[ "$failed" -eq 0 ]
