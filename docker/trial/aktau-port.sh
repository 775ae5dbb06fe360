#!/bin/sh
# aktau-port.sh - the first time, something to send; then the adapter.
set -eu
inbox=/srv/karvan/in/inbox
if [ ! -d "$inbox" ]; then
    mkdir "$inbox"
    for sample in /trial/samples/*.edi; do
        name=$(basename "$sample")
        cp "$sample" "$inbox/.$name"
        mv "$inbox/.$name" "$inbox/$name"
    done
fi
exec karvan-adapter run --config /trial/aktau-port.yaml
