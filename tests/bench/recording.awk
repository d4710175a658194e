# SPDX-License-Identifier: MIT
# The table of recording.sh, from its figures: "VARIANT NAME VALUE REPEAT" lines, after "VARIANT REASON..." lines of what is
# missing. Whatever is computed from two figures is computed inside a repeat; then the median over the repeats is taken.
FILENAME ~ /missing$/ { reason = $0; sub(/^[^ ]* /, "", reason); missing[$1] = reason; next }
{ value[$1, $2, $4] = $3; repeats = $4 > repeats ? $4 : repeats }

# The median of the list's n values; sets low and high.
function median(list, n,   i, j, swap) {
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && list[j - 1] + 0 > list[j] + 0; j--) { swap = list[j]; list[j] = list[j - 1]; list[j - 1] = swap }
    low = list[1]; high = list[n]
    return list[int((n + 1) / 2)]
}

function line(title, list, n, unit, scale,   middle) {
    if (n == 0) { print "recording.awk: no figures for: " title > "/dev/stderr"; bad = 1; return }
    middle = median(list, n)
    printf "| %-62s | %9.2f %-2s | %9.2f to %9.2f |\n", title, middle / scale, unit, low / scale, high / scale
}

# Was this not measured here? Then the row says why.
function absent(title, name) {
    if (name in missing) printf "| %-62s | %s | |\n", title, missing[name]
    return name in missing
}

# One row: `how` is "" for the figure itself, "-" or "/" for what is computed from it and a second one
function row(title, unit, scale, variant, name, how, variant2, name2,   i, n, list) {
    if (absent(title, variant)) return
    for (i = 1; i <= repeats; i++) {
        if (!((variant, name, i) in value) || (how != "" && !((variant2, name2, i) in value))) continue
        list[++n] = value[variant, name, i]
        if (how == "-") list[n] -= value[variant2, name2, i]
        if (how == "/") list[n] /= value[variant2, name2, i]
    }
    line(title, list, n, unit, scale)
}

function program(title, name) {
    if (absent(title, name)) return
    row(title ", bare", "ms", 1000, name, "wall-bare")
    row("  loaded, nobody records: added", "ms", 1000, name, "wall-added")
    row("    processor time added", "ms", 1000, name, "cpu-preloaded", "-", name, "cpu-bare")
    row("  recorded: added", "ms", 1000, name "-recorded", "wall", "-", name, "wall-bare")
    row("    processor time added", "ms", 1000, name "-recorded", "cpu", "-", name, "cpu-bare")
}

function polling(title, name) {
    if (absent(title, name)) return
    row(title ", bare", "us", 1, name "-bare", "poll-wall")
    row("  loaded, nobody records: processor time added", "us", 1, name "-loaded", "poll-cpu", "-", name "-bare", "poll-cpu")
    row("  recorded: added", "us", 1, name "-recorded", "poll-wall", "-", name "-bare", "poll-wall")
    row("    processor time added", "us", 1, name "-recorded", "poll-cpu", "-", name "-bare", "poll-cpu")
}

END {
    row("a call, bare", "ns", 1, "bare", "call")
    row("  loaded, nobody records: added", "ns", 1, "loaded", "call-lowest", "-", "bare", "call-lowest")
    row("  recorded, entry and exit", "ns", 1, "recorded", "call")
    row("  the floor: two LTTng tracepoints with the same payload", "ns", 1, "recorded", "floor")
    row("  recorded / floor", "x", 1, "recorded", "call/floor")
    row("two threads, calls a second against one thread: recorded calls", "x", 1, "recorded", "threads-call")
    row("  recorded creations", "x", 1, "recorded", "threads-create")
    row("  the floor", "x", 1, "recorded", "threads-floor")
    row("  a loop that shares nothing", "x", 1, "recorded", "threads-loop")
    row("create + delete, bare", "ns", 1, "bare", "create-0")
    row("  loaded, nobody records: added", "ns", 1, "loaded", "create-0-lowest", "-", "bare", "create-0-lowest")
    split("0 8 16 32", depths, " ")
    for (d = 1; d <= 4; d++) {
        row("  recorded, " depths[d] " more frames", "ns", 1, "recorded", "create-" depths[d])
        row("    / (four tracepoints + the bare unwinder twice)", "x", 1, "recorded", "create-" depths[d] "/create-floor-" depths[d])
    }
    row("a callback in an enumeration of 1,000, bare", "ns", 1, "bare", "callback")
    row("  loaded, nobody records: added", "ns", 1, "loaded", "callback", "-", "bare", "callback")
    row("  recorded: added", "ns", 1, "recorded", "callback", "-", "bare", "callback")
    row("  the floor: two LTTng tracepoints with the same payload", "ns", 1, "recorded", "callback-floor")
    row("the same call, uprobe + uretprobe", "ns", 1, "uprobe", "call")
    row("the same call, ltrace breakpoints", "ns", 1, "ltrace", "call")
    row("the same call, Valgrind without a tool", "ns", 1, "valgrind-none", "call")
    row("the same call, Valgrind memcheck", "ns", 1, "valgrind-memcheck", "call")
    row("a program without MI, bare", "us", 1, "without-mi", "wall-bare")
    row("  loaded: added", "us", 1, "without-mi", "wall-added")
    program("a short MI program", "short")
    program("omicli ei root/cimv2 X_SmallNumber, 1,000 instances", "omicli")
    polling("a polling client, one turn", "poll")
    polling("a polling client on OMI, one turn", "poll-omi")
    row("bytes of trace: an accessor", "B", 1, "bytes", "accessor")
    row("  a call of create + delete, with stacks", "B", 1, "bytes", "creation")
    row("  a call of start, two results, close", "B", 1, "bytes", "operation")
    row("  a callback", "B", 1, "bytes", "callback")
    exit bad
}
