#!/bin/sh
# SPDX-License-Identifier: MIT
# A kernel probe on entry and return of a function of a library (uprobe and uretprobe, by tracefs) while a command runs.
# Usage: uprobe.sh LIBRARY FUNCTION COMMAND... Exit status 77, after saying why, where the machine does not allow it.
# tracefs is mounted in a mount namespace of its own; the probe is removed again.
set -eu
library=$(realpath "$1")
function=$2
shift 2
tracing=/sys/kernel/tracing

cannot() {
    echo "$*"
    exit 77
}

[ "$(id -u)" = 0 ] || cannot "needs root"
if [ "${MITRACE_BENCH_NAMESPACE:-}" != 1 ]; then
    unshare --mount --propagation private true 2>/dev/null || cannot "no mount namespace"
    MITRACE_BENCH_NAMESPACE=1 exec unshare --mount --propagation private "$0" "$library" "$function" "$@"
fi
[ -e $tracing/uprobe_events ] || mount -t tracefs none $tracing 2>/dev/null || cannot "no tracefs"
[ -w $tracing/uprobe_events ] || cannot "no uprobes in this kernel"
address=$(nm "$library" 2>/dev/null | awk -v name="$function" '$3 == name { print $1 }')
[ -n "$address" ] || cannot "the library has no symbol $function"

group=mitrace_bench_$$
remove() {
    if [ -d "$tracing/instances/$group" ]; then
        echo 0 >"$tracing/instances/$group/events/$group/enable" || true
        rmdir "$tracing/instances/$group" || true
    fi 2>/dev/null
    for event in entry exit; do
        echo "-:$group/$event" >>$tracing/uprobe_events 2>/dev/null || true
    done
}
trap remove EXIT
# The code's address in the file is the symbol's: its segment lies where it is mapped.
echo "p:$group/entry $library:0x$address handle=%di" >>$tracing/uprobe_events 2>/dev/null || cannot "uprobes are refused"
echo "r:$group/exit $library:0x$address result=\$retval" >>$tracing/uprobe_events 2>/dev/null ||
    cannot "uretprobes are refused"
mkdir "$tracing/instances/$group"
echo 1 >"$tracing/instances/$group/events/$group/enable"
"$@"
