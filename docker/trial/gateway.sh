#!/bin/sh
# gateway.sh - the gateway's own pair, its operators under the keys they published, then the gateway.
set -eu
operators=/var/lib/karvan/operators
/trial/key.sh gateway
mkdir -p "$operators"

# register NAME OPTIONS...: once; who is known already stays as he is.
register() {
    name=$1
    shift
    [ -e "$operators/$name.yaml" ] ||
        karvan operator add "$name" --key "/srv/karvan/public/$name.pub" --dir "$operators" \
            "$@" >/dev/null
}
register baku-port --country AZ --role port --title 'Port of Baku'
register forwarder --country GE --role forwarder --title 'A forwarder in Tbilisi'
register aktau-port --country KZ --role port --title 'Port of Aktau' \
    --share-with baku-port,forwarder
exec karvand --config /etc/karvan/gateway.yaml
