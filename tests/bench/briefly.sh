#!/bin/sh
# SPDX-License-Identifier: MIT
# The benchmarks of recording, run briefly: every row of the table is there with a figure or a reason, and what is called
# recorded was recorded, nothing lost. No time is asserted. Usage: briefly.sh BUILD
set -eu
here=$(cd "$(dirname "$0")" && pwd)
MITRACE_BUILD=$1
export MITRACE_BUILD
unset OMI_ROOT # its server may be down; scripts/bench measures it
calls=500
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "$*"
    cat "$work/table"
    exit 1
}

"$here/recording.sh" 1 2 200 >"$work/table" 2>&1 || fail "recording.sh failed"
! grep -q 'were lost' "$work/table" || fail "events were lost"
# Figures are sane: a bare call is shorter than a recorded one, an event has more than 20 bytes.
awk -F '|' '
/^\| a call, bare/ { bare = $3 + 0 }
/recorded, entry and exit/ { recorded = $3 + 0 }
/two LTTng tracepoints/ && !floor { floor = $3 + 0 }
/bytes of trace/ { bytes = $3 + 0 }
/^\|  *[a-z]/ && NR > 1 && $3 !~ /[0-9]|not on this machine/ { print "no figure: " $0; bad = 1 }
END {
    if (!(bare > 0 && recorded > bare && floor > bare && bytes > 40)) { print bare, recorded, floor, bytes; bad = 1 }
    exit bad
}' "$work/table" || fail "figures that cannot be"

# The calls that a benchmark makes are the calls that are recorded.
"$1/viewer/mitrace" record --all-calls -o "$work/trace" -- "$1/tests/bench/bench_calls" once call $calls >"$work/table" 2>&1
babeltrace2 "$work/trace" >"$work/events"
found=$(grep -c mi:instance_get_element_count_entry "$work/events")
[ "$found" = $calls ] || fail "$found calls were recorded, not $calls"
# Ids are asked for where MI compares them later, and not for every object: that was a fifth of a creation.
grep 'mi:application_new_session_entry' "$work/events" | grep -q " uid = $(id -u), gid = $(id -g)," ||
    fail "a session without its owner"
grep 'mi:application_new_instance_entry' "$work/events" | grep -q ' uid = 4294967295, gid = 4294967295,' ||
    fail "ids were asked for an instance"
echo "all rows are there, $found calls recorded"
