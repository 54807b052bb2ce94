# generated from chapters/16-speed.nw by noweb; do not edit
# awk -f speeds.awk MACHINE.tsv TABLE.tsv README.md: README.md with this table of speeds
BEGIN { FS = "\t" }
FNR == 1 { file++ }
file == 1 { fact[$1] = $2 }
file == 2 {
    # Make a row of Markdown
    row = "|"
    line = "|"
    for (i = 1; i <= NF; i++) {
        row = row " " $i " |"
        line = line (i == 1 ? ":--|" : "--:|")
    }
    table = table row "\n" (FNR == 1 ? line "\n" : "")
}
file == 3 && /^<!-- make bench -->$/ {
    print $0 "\n\nCharacters a second in training, measured on " fact["date"] " (" \
        fact["processor"] ", " fact["cores"] " cores, " fact["peak"] " GFLOP/s a core):\n\n" table
    inside = 1
}
file == 3 && /^<!-- end -->$/ { inside = 0 }
file == 3 && !inside
