# generated from chapters/41-weave.nw by noweb; do not edit
# awk -f modules.awk FILE...: draws the modules of FILEs PART/NAME.SUFFIX and what they include.
# With a circle of includes or an arrow that leads up it says so, and its status is 1.
# Know the layers of the house
BEGIN {
    layers = split("trainer verifier exercises web tests weaver", layer, " ")
    for (i = 1; i <= layers; i++) level[layer[i]] = i
    widest = 7
}

# Note a module and what it includes
FNR == 1 {
    n = split(FILENAME, path, "/")
    module = path[n]
    sub(/\.[a-z]+$/, "", module)
    if (!(module in home)) names[++modules] = module
    home[module] = path[n - 1]
    if (!(home[module] in level)) { print FILENAME " is in no layer" > "/dev/stderr"; bad = 1 }
}
/^#include "/ {
    target = substr($2, 2)
    sub(/\.[a-z]+"$/, "", target)
    if (target != module) includes[module, target] = 1
}

# Find how deep a module stands
function depth_of(m,    i, below) {
    if (state[m] == "open") {
        print "a circle of includes goes through " home[m] "/" m > "/dev/stderr"
        bad = 1
    }
    if (state[m] != "") return depth[m] + 0
    state[m] = "open"
    for (i = 1; i <= modules; i++) if ((m, names[i]) in includes) {
        below = depth_of(names[i])
        if (home[names[i]] == home[m] && below >= depth[m]) depth[m] = below + 1
    }
    state[m] = "done"
    return depth[m] + 0
}

# Refuse arrows that lead up
function look_up(    pair, end) {
    for (pair in includes) {
        split(pair, end, SUBSEP)
        if (!(end[2] in home)) continue
        if (level[home[end[2]]] > level[home[end[1]]]) {
            print home[end[1]] "/" end[1] " includes " home[end[2]] "/" end[2] \
                ", which stands above it" > "/dev/stderr"
            bad = 1
        }
    }
}

# See whether a longer way leads there
function leads(m, goal, steps,    i) {
    if (m == goal) return steps > 1
    for (i = 1; i <= modules; i++) {
        if (!((m, names[i]) in includes) || steps == 0 && names[i] == goal) continue
        if (leads(names[i], goal, steps + 1)) return 1
    }
    return 0
}

# Place the modules of a layer
function place(l,    d, i, n, row) {
    bottom[l] = y + 1
    for (d = 0; d <= modules; d++) {
        n = 0
        for (i = 1; i <= modules; i++)
            if (home[names[i]] == layer[l] && depth[names[i]] + 0 == d) row[++n] = names[i]
        if (n) set_rows(row, n)
    }
    top[l] = y
    y += 1
}

function set_rows(row, n,    i, k, per, here) {
    per = int((n + widest - 1) / widest)
    per = int((n + per - 1) / per)
    for (i = 1; i <= n; i++) {
        k = (i - 1) % per
        if (k == 0) { y++; here = n - i + 1 < per ? n - i + 1 : per }
        x[row[i]] = k - (here - 1) / 2
        height[row[i]] = y
    }
}

# Write the drawing
function draw(    i, j, label, m) {
    for (i = 1; i <= layers; i++) print "\\layer{" layer[i] "}{" bottom[i] "}{" top[i] "}"
    for (i = 1; i <= modules; i++) {
        m = label = names[i]
        sub(/^test-/, "", label)
        print "\\module{" m "}{" label "}{" home[m] "}{" x[m] "}{" height[m] "}"
    }
    for (i = 1; i <= modules; i++) for (j = 1; j <= modules; j++) {
        if (!((names[i], names[j]) in includes) || home[names[i]] == "tests") continue
        if (!leads(names[i], names[j], 0)) print "\\includes{" names[i] "}{" names[j] "}"
    }
}
END {
    for (i = 1; i <= modules; i++) depth_of(names[i])
    look_up()
    if (bad) exit 1
    for (l = 1; l <= layers; l++) place(l)
    draw()
}
