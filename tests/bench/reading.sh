#!/bin/sh
# SPDX-License-Identifier: MIT
# What reading a trace costs, measured side by side in this run. Usage: reading.sh [REPEATS]
# Run by scripts/bench. MITRACE_BUILD: the build folder. MITRACE_BENCH_EVENTS: sizes of the traces, the largest last, by
# default "100000 1000000 10000000"; the largest takes 0.6 GB in TMPDIR. The traces are recorded first, by
# bench_trace. Then, REPEATS times in turn, each of them is read by babeltrace2 and by mitrace.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${MITRACE_BUILD:-$here/../../build}
repeats=${1:-5}
sizes=${MITRACE_BENCH_EVENTS:-100000 1000000 10000000}
mitrace=$build/viewer/mitrace
bench=$build/tests/bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "reading.sh: $*" >&2
    exit 1
}

# record NAME TITLE EVENTS LIVE THREADS PROCESSES [COMMAND...]: a trace called NAME, which nothing may be missing from
record() {
    name=$1
    title=$2
    events=$3
    live=$4
    threads=$5
    processes=$6
    shift 6
    "$@" "$mitrace" record --lossless -o "$work/$name" -- "$bench/bench_trace" "$events" "$live" "$threads" "$processes" \
        2>"$work/said" || fail "$title: $(cat "$work/said")"
    ! grep -q 'events lost' "$work/said" || fail "$title: $(cat "$work/said")"
    counted=$(babeltrace2 -c sink.utils.counter -p step=+0 "$work/$name" | awk '/Event messages/ { print $1 }')
    [ "$counted" -ge "$((events * 9 / 10))" ] || fail "$title: $counted events were recorded, not $events"
    echo "$name $counted $title" >>"$work/traces"
}

# measure TRACE WHAT COMMAND...: append "TRACE WHAT REPEAT WALL PROCESSOR MEMORY"
measure() {
    trace=$1
    what=$2
    shift 2
    figures=$("$bench/bench_process" "$@") || fail "this failed: $*"
    echo "$trace $what $i $figures" >>"$work/figures"
}

# read_trace NAME EVENTS: in all ways; text takes too long of a large trace
read_trace() {
    measure "$1" counter babeltrace2 -c sink.utils.counter -p step=+0 "$work/$1"
    # shellcheck disable=SC2046 # paths without blanks
    measure "$1" sink "$bench/bench_sink" $(find "$work/$1" -name metadata -exec dirname {} +)
    measure "$1" check "$mitrace" check "$work/$1"
    measure "$1" report "$mitrace" report "$work/$1"
    measure "$1" stats "$mitrace" stats "$work/$1"
    [ "$2" -gt 2000000 ] || measure "$1" text babeltrace2 "$work/$1"
}

for size in $sizes; do
    record "size-$size" "$size events" "$size" 100 1 1
done
set -- $sizes
middle=$1
[ $# -lt 2 ] || middle=$2
record one-stream "$middle, all in one stream" "$middle" 100 1 1 taskset -c 0
record live "$middle, of $((middle / 20)) live handles" "$middle" "$((middle / 20))" 1 1
record threads "$middle, of 64 threads" "$middle" 100 64 1
record processes "$middle, of 20 processes" "$middle" 100 1 20
"$mitrace" record -o "$work/short" -- "$build/tests/apps/clean_sync" >/dev/null 2>&1 || fail "clean_sync cannot be recorded"

i=0
while [ "$i" -lt "$repeats" ]; do
    i=$((i + 1))
    while read -r name events title; do
        read_trace "$name" "$events"
    done <"$work/traces"
    measure program bare "$build/tests/apps/clean_sync"
    measure program checked "$mitrace" check -- "$build/tests/apps/clean_sync"
    measure program judged "$mitrace" check "$work/short"
done

awk -f "$here/reading.awk" "$work/traces" "$work/figures"
echo
echo "$repeats repeats; $(babeltrace2 --version | head -n 1); $(nproc) processors; Linux $(uname -r)"
