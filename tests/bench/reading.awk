# SPDX-License-Identifier: MIT
# The tables of reading.sh: from "TRACE EVENTS TITLE" lines, then "TRACE WHAT REPEAT WALL PROCESSOR MEMORY" lines. A ratio is
# taken inside a repeat; then the median over the repeats.
FILENAME ~ /traces$/ { name[++traces] = $1; events[$1] = $2; title[$1] = $0; sub(/^[^ ]* [^ ]* /, "", title[$1]); next }
{ wall[$1, $2, $3] = $4; processor[$1, $2, $3] = $5; memory[$1, $2, $3] = $6; repeats = $3 > repeats ? $3 : repeats }

# The median of the n values in `list`; sets low and high.
function median(n,   i, j, swap) {
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && list[j - 1] + 0 > list[j] + 0; j--) { swap = list[j]; list[j] = list[j - 1]; list[j - 1] = swap }
    low = list[1]; high = list[n]
    return list[int((n + 1) / 2)]
}

# Medians of a figure, of its ratio to the counter's.
function of(values, trace, what,   i) {
    for (i = 1; i <= repeats; i++) list[i] = values[trace, what, i]
    return median(repeats)
}
function against(values, trace, what,   i) {
    for (i = 1; i <= repeats; i++) list[i] = values[trace, what, i] / values[trace, "counter", i]
    return median(repeats)
}

function row(trace, what, called) {
    if (!((trace, what, 1) in wall)) return
    printf "|   %-22s | %8.0f | %6.2f | %5.2f to %5.2f | %6.2f | %7.1f |\n", called, events[trace] / of(wall, trace, what), \
        against(wall, trace, what), low, high, against(processor, trace, what), of(memory, trace, what) / 1024
}

function line(text, value, unit) { printf "| %-66s | %8.2f %-2s | %8.2f to %8.2f |\n", text, value, unit, low, high }

END {
    print "| trace, read by | events/ms | time / counter | lowest to highest | processor time / counter | peak MB |"
    print "|---|---|---|---|---|---|"
    for (t = 1; t <= traces; t++) {
        printf "| %-24s |          |        |                |        |         |\n", title[name[t]]
        row(name[t], "counter", "babeltrace2, counter")
        row(name[t], "text", "babeltrace2, text")
        row(name[t], "sink", "C sink, one field")
        row(name[t], "check", "mitrace check")
        row(name[t], "report", "mitrace report")
        row(name[t], "stats", "mitrace stats")
    }
    print ""
    print "| a short MI program | median | lowest to highest |"
    print "|---|---|---|"
    for (i = 1; i <= repeats; i++) list[i] = wall["program", "checked", i] - wall["program", "bare", i]
    line("mitrace check -- PROGRAM: added", median(repeats), "ms")
    line("  its processor time, with that of LTTng's daemons it waited for", of(processor, "program", "checked"), "ms")
    line("    of which reading and judging: mitrace check TRACE of the same", of(processor, "program", "judged"), "ms")
    for (i = 1; i <= repeats; i++) list[i] = memory[name[1], "check", i] > 0 ? memory["size-" largest(), "check", i] / memory[name[1], "check", i] : 0
    line("peak memory, largest trace / smallest", median(repeats), "x")
}

# The largest of the traces that differ in size alone.
function largest(   t, found) {
    for (t = 1; t <= traces; t++) if (name[t] ~ /^size-/) found = substr(name[t], 6)
    return found
}
