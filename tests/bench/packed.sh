#!/bin/sh
# SPDX-License-Identifier: MIT
# The provider puts its events together itself (tracepoints/mi_provider.h): what lies in the trace must be what LTTng's own
# macros write. Usage: packed.sh MITRACE EVERY_EVENT FLOOR-LIBRARY
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pairs=$("$1" record --all-calls -o "$work/trace" -- "$2" "$3" 2>"$work/said") || {
    cat "$work/said"
    exit 1
}
# babeltrace2 shows the text of an earlier event where the length is 0.
babeltrace2 "$work/trace" | sed -E 's/(_length = 0, [a-z_]+ = )"[^"]*"/\1""/g' >"$work/events"
# The fields follow the second brace; each event is followed by its like.
awk -v pairs="$pairs" '
{ sub(/^[^{]*/, ""); sub(/^{[^}]*}, /, ""); fields = $0 }
NR % 2 == 1 { first = fields; next }
first != fields { print "differ:\n" first "\n" fields; exit bad = 1 }
END {
    if (!bad && NR != 2 * pairs) { print NR " events, not " 2 * pairs; exit 1 }
    exit bad
}' "$work/events"
echo "$pairs pairs of events are alike"
