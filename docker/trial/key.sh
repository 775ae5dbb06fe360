#!/bin/sh
# key.sh NAME - the pair of a company, made in its own volume; the public half for everybody.
set -eu
key=/var/lib/karvan/own.key
public=/srv/karvan/public/$1.pub
[ -e "$key" ] || karvan keygen "$key" >/dev/null
printf 'public-key = "%s"\n' "$(karvan keygen --print-public "$key")" >"$public.new"
mv "$public.new" "$public"
