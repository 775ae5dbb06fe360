#!/bin/sh
# demo.sh PROGRAM - a short demo must lose nothing and say so in its last line.
set -u
program=$1
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

"$program" --seconds 8 >"$out" 2>&1
status=$?
cat "$out"
last=$(tail -n 1 "$out")

fail() {
    echo "demo.sh: $1" >&2
    exit 1
}
[ "$status" -eq 0 ] || fail "exit status $status"
echo "$last" | grep -Eq '^demo: sent=[0-9]+ accepted=[0-9]+ duplicates=[0-9]+ refused=[0-9]+ delivered=[0-9]+ lost=0$' ||
    fail "not the promised last line: $last"

# Every kind of outcome took place, and the sums are right.
number() { echo "$last" | sed "s/.*$1=\([0-9]*\).*/\1/"; }
for name in accepted duplicates refused delivered; do
    [ "$(number $name)" -gt 0 ] || fail "$name is nought"
done
[ "$(number sent)" -eq $(($(number accepted) + $(number duplicates) + $(number refused))) ] ||
    fail "accepted, duplicates and refused are not what was sent"
