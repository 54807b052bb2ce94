# generated from chapters/41-weave.nw by noweb; do not edit
# awk -f words.awk rnn.nw chapters/*.nw: words of prose and chunks, by chapter and volume
# Skip what is no prose
FNR == 1 { code = literal = display = 0; pending = ""; level = 1 }
/^<<.*>>=$/ { chunks[here]++; code = 1; next }
code { if (/^@( |$)/) code = 0; next }
/^```/ { literal = !literal; next }
literal { next }
/^\$\$/ { if (!/\$\$.*\$\$/) display = !display; next }
display || /^(:::|\|)/ { next }

# Find out which chapter this is, and which volume
/^#+ / {
    level = index($0, " ") - 1
    volume[level] = /[ {]volume=2/ ? "II" : level == 1 ? "I" : volume[level - 1]
    for (l = level + 1; l <= 6; l++) volume[l] = volume[level]
    if (level == 1) { chapter = $0; sub(/^.*\{#ch:/, "", chapter); sub(/[ }].*/, "", chapter); names[++count] = chapter }
    here = chapter SUBSEP volume[level]
    next
}

# Count the words of a line
{
    line = pending $0
    while (gsub(/\{[^{}]*\}/, "", line)) ;
    pending = line ~ /\{/ && $0 != "" ? line " " : ""
    if (pending == "") for (n = split(line, word); n > 0; n--) if (word[n] ~ /[A-Za-z]/) words[here]++
}

# Write the words and chunks of each chapter
function row(name, volume, words, chunks) {
    printf "%s\t%s\t%d\t%d\t%s\n", name, volume, words, chunks, chunks ? sprintf("%.0f", words / chunks) : "-"
}
END {
    print "chapter\tvolume\twords\tchunks\twords for a chunk"
    for (v = "I"; length(v) < 3; v = v "I") {
        for (i = 1; i <= count; i++) {
            here = names[i] SUBSEP v
            if (words[here] + chunks[here]) row(names[i], v, words[here], chunks[here])
            all_words[v] += words[here]; all_chunks[v] += chunks[here]
        }
    }
    for (v = "I"; length(v) < 3; v = v "I") row("Volume " v, v, all_words[v], all_chunks[v])
}
