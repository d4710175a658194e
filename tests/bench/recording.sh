#!/bin/sh
# SPDX-License-Identifier: MIT
# What recording costs the program, measured side by side in this run. Usage: recording.sh [REPEATS [ROUNDS [COUNT]]]
# Run by scripts/bench; README.md beside it says how each figure is made. MITRACE_BUILD: the build folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${MITRACE_BUILD:-$here/../../build}
repeats=${1:-5}
rounds=${2:-31}
count=${3:-10000}
mitrace=$build/viewer/mitrace
bench=$build/tests/bench
floor=$bench/libbench_floor.so
shim=$build/shim/libmitrace.so
runtime=$build/tests/runtime/libmi.so
slot=enter_instance_get_element_count # what the table of the runtime leads to, for tools that need a symbol
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# note VARIANT: "NAME MEDIAN [LOWEST]" lines of standard input become "VARIANT NAME MEDIAN REPEAT", and the same for the
# lowest, as NAME-lowest
note() {
    awk -v variant="$1" -v repeat="$i" '
        NF >= 2 { print variant, $1, $2, repeat }
        NF >= 3 { print variant, $1 "-lowest", $3, repeat }' >>"$work/figures"
}

# measure VARIANT COMMAND...: note what COMMAND prints
measure() {
    variant=$1
    shift
    if timeout 600 "$@" >"$work/out" 2>"$work/err"; then
        note "$variant" <"$work/out"
    else
        echo "recording.sh: this failed: $*" >&2
        cat "$work/err" >&2
        exit 1
    fi
}

missing() {
    echo "$1 not on this machine: $2" >>"$work/missing"
}

# try VARIANT COMMAND...: the same with a tool that may be absent, or forbidden here
try() {
    variant=$1
    shift
    if ! command -v "$1" >/dev/null 2>&1; then
        missing "$variant" "$1 is not installed"
    elif timeout 600 "$@" >"$work/out" 2>"$work/err"; then
        note "$variant" <"$work/out"
    else
        reason=$(cat "$work/out" "$work/err" | head -n 1)
        missing "$variant" "${reason:-$1 does not run}"
    fi
}

# record VARIANT COMMAND...: the same under `mitrace record` with $options; nothing may be lost
options=--all-calls
record() {
    recorded=$1
    shift
    rm -rf "$work/trace"
    # shellcheck disable=SC2086 # none or one option
    measure "$recorded" "$mitrace" record $options -o "$work/trace" -- "$@"
    if grep -q 'events lost' "$work/err"; then
        echo "recording.sh: events were lost, what was recorded cost less: $(grep 'events lost' "$work/err")" >&2
        echo lost >>"$work/lost"
    fi
}

# bytes NAME WORK COUNT CALLS: bytes of trace for one of COUNT times CALLS calls: what COUNT more of them add
bytes() {
    for times in 0 "$3"; do
        record size "$bench/bench_calls" once "$2" "$times"
        find "$work/trace" -type f -name 'mi_*' -size +0 -printf '%s\n' |
            awk '{ sum += $1 } END { print sum }' >"$work/size-$times"
    done
    awk -v name="$1" -v calls="$(($3 * $4))" 'NR == 1 { none = $1 } NR == 2 { print name, ($1 - none) / calls }' \
        "$work/size-0" "$work/size-$3" | note bytes
}

calls() {
    measure bare "$bench/bench_calls" calls "$rounds" "$count"
    measure loaded env LD_PRELOAD="$shim" "$bench/bench_calls" calls "$rounds" "$count"
    record recorded "$bench/bench_calls" calls "$rounds" "$count" "$floor"
    record recorded "$bench/bench_calls" threads "$rounds" "$count" "$floor"
    measure bare "$bench/bench_calls" creations "$rounds" "$count"
    measure loaded env LD_PRELOAD="$shim" "$bench/bench_calls" creations "$rounds" "$count"
    record recorded "$bench/bench_calls" creations "$rounds" "$count" "$floor"
    measure bare "$bench/bench_calls" callbacks "$rounds" "$count"
    measure loaded env LD_PRELOAD="$shim" "$bench/bench_calls" callbacks "$rounds" "$count"
    record recorded "$bench/bench_calls" callbacks "$rounds" "$count" "$floor"
}

other_tools() {
    try uprobe "$here/uprobe.sh" "$runtime" "$slot" "$bench/bench_calls" calls "$rounds" "$((count / 10 + 1))"
    try ltrace ltrace -o /dev/null -x "$slot@libmi.so*" "$bench/bench_calls" calls 3 "$((count / 100 + 1))"
    try valgrind-none valgrind -q --tool=none "$bench/bench_calls" calls 5 "$count"
    try valgrind-memcheck valgrind -q "$bench/bench_calls" calls 5 "$count"
}

# programs VARIANT PROGRAM...: a whole program bare, loaded, and under a recording that has begun
programs() {
    name=$1
    shift
    measure "$name" "$bench/bench_start" "$rounds" "$shim" "$@"
    record "$name-recorded" "$bench/bench_start" "$rounds" - "$@"
}

# polling NAME: the polling client on the MI that LD_LIBRARY_PATH leads to
polling() {
    measure "$1-bare" "$bench/bench_poll" "$rounds" 1000
    measure "$1-loaded" env LD_PRELOAD="$shim" "$bench/bench_poll" "$rounds" 1000
    record "$1-recorded" "$bench/bench_poll" "$rounds" 1000
}

# As people record: lifecycle, blocking calls and callbacks, no accessors.
whole_programs() {
    options=
    measure without-mi "$bench/bench_start" "$((rounds * 5))" "$shim" /bin/true
    programs short "$build/tests/apps/clean_sync"
    polling poll
    if [ -n "${OMI_ROOT:-}" ]; then
        programs omicli "$OMI_ROOT/bin/omicli" ei root/cimv2 X_SmallNumber
        LD_LIBRARY_PATH=$OMI_ROOT/lib
        export LD_LIBRARY_PATH
        polling poll-omi
        unset LD_LIBRARY_PATH
    else
        missing omicli "OMI_ROOT is not set"
        missing poll-omi "OMI_ROOT is not set"
    fi
    options=--all-calls
}

sizes() {
    bytes accessor call "$((count * 10))" 1
    bytes creation create "$count" 2
    bytes operation operate "$((count / 10 + 10))" 4
    bytes callback enumerate "$((count / 100 + 10))" 1000
}

: >"$work/missing"
i=0
while [ "$i" -lt "$repeats" ]; do
    i=$((i + 1))
    calls
    other_tools
    whole_programs
done
sizes

echo "| what | median | lowest to highest |"
echo "|---|---|---|"
awk -f "$here/recording.awk" "$work/missing" "$work/figures"
echo
echo "$repeats repeats of $rounds rounds of $count calls; $(nproc) processors; Linux $(uname -r)"
[ ! -e "$work/lost" ] || echo "Events were lost: figures of recorded calls are too good."
