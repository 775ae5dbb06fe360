#!/bin/sh
# docker.sh SOURCE - the image builds, the trial of docker/compose.yaml starts, an EDIFACT file that is
# dropped at the port of Aktau arrives as an event at the port of Baku, and the gateway ends cleanly.
# Exit: 0 good, 1 not, 77 skipped (said why).
set -eu
source=$1
project=karvan-test-$$
KARVAN_IMAGE=karvan-test
KARVAN_PORT=$((20000 + $$ % 20000))
export KARVAN_IMAGE KARVAN_PORT

skip() {
    echo "docker: skipped: $*"
    exit 77
}

fail() {
    echo "docker: FAILED: $*" >&2
    exit 1
}

find_engine() {
    command -v docker >/dev/null || skip "docker is not installed"
    docker info >/dev/null 2>&1 || skip "no Docker engine answers"
}

# Sets $compose: the plugin, or the older program.
find_compose() {
    if docker compose version >/dev/null 2>&1; then
        compose="docker compose"
    elif command -v docker-compose >/dev/null; then
        compose=docker-compose
    else
        skip "docker compose is not installed"
    fi
}

in_project() {
    # shellcheck disable=SC2086  # one word or two
    $compose -p "$project" -f "$source/docker/compose.yaml" "$@"
}

cleanup() {
    status=$?
    trap - EXIT INT TERM
    if [ "$status" -ne 0 ] && [ "$status" -ne 77 ]; then
        in_project ps >&2 || true
        in_project logs --tail 40 >&2 || true
    fi
    in_project down -v --remove-orphans >/dev/null 2>&1 || true
    exit "$status"
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
    seconds=$1
    what=$2
    shift 2
    end=$(($(date +%s) + seconds))
    until "$@" >/dev/null 2>&1; do
        [ "$(date +%s)" -lt "$end" ] || fail "$what: not within $seconds s"
        sleep 0.5
    done
    echo "docker: $what"
}

container() {
    in_project ps -q "$1"
}

healthy() {
    [ "$(docker inspect -f '{{.State.Health.Status}}' "$(container "$1")")" = healthy ]
}

arrived() {
    in_project logs --no-color baku-port 2>/dev/null | grep -q "\"$1\""
}

written() {
    in_project exec -T forwarder sh -c "grep -l $1 /srv/karvan/out/outbox/*"
}

drop() {
    in_project exec -T aktau-port sh -c \
        "cat >/srv/karvan/in/inbox/.$1 && mv /srv/karvan/in/inbox/.$1 /srv/karvan/in/inbox/$1"
}

# The sample of the trial, about another container and under another reference.
another() {
    sed -e 's/KRVU0000020/KRVU0000138/' -e 's/TRIALBKG2/TRIALBKG3/' -e 's/TRIAL01/TEST01/' \
        -e 's/TRIALGATE1/TESTGATE1/' "$source/docker/trial/samples/gate-in.edi"
}

find_engine
find_compose
docker build -q --force-rm -f "$source/docker/Dockerfile" -t "$KARVAN_IMAGE" \
    --build-arg "APT_SOURCES=${KARVAN_APT_SOURCES-}" "$source" >/dev/null ||
    fail "the image does not build"
echo "docker: image of $(docker image inspect -f '{{.Size}}' "$KARVAN_IMAGE" |
    awk '{printf "%.0f MB", $1 / 1000000}')"
[ "$(docker image inspect -f '{{.Config.User}}' "$KARVAN_IMAGE")" = karvan ] ||
    fail "the image runs as root"

trap cleanup EXIT
trap 'exit 1' INT TERM
in_project up -d >/dev/null 2>&1 || fail "the trial does not start"
wait_for 60 "the trial's own file arrived" arrived KRVU0000014
another | drop test.edi
wait_for 60 "a dropped file arrived as an event" arrived KRVU0000138
wait_for 60 "and as EDIFACT at the forwarder" written KRVU0000138

gateway=$(container gateway)
[ "$(docker inspect -f '{{.HostConfig.ReadonlyRootfs}}' "$gateway")" = true ] ||
    fail "the gateway's root file system can be written"
[ "$(docker inspect -f '{{.State.Health.Status}}' "$gateway")" = healthy ] ||
    fail "the gateway is not healthy"
for adapter in aktau-port forwarder; do
    wait_for 60 "$adapter is healthy" healthy "$adapter"
done
docker exec "$gateway" karvan status >/dev/null || fail "karvan status does not answer"

# ends SERVICE: on SIGTERM, by itself, with 0.
ends() {
    id=$(container "$1")
    begin=$(date +%s)
    docker stop -t 10 "$id" >/dev/null
    took=$(($(date +%s) - begin))
    [ "$took" -le 6 ] || fail "$1 took $took s to end"
    code=$(docker inspect -f '{{.State.ExitCode}}' "$id")
    [ "$code" -eq 0 ] || fail "$1 ended with $code"
    echo "docker: $1 ended cleanly in $took s"
}
ends aktau-port
ends gateway
