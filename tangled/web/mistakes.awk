# generated from chapters/52-live.nw by noweb; do not edit
# awk -f mistakes.awk WRONG: the wrong formulas of each equation, as a script for the page
BEGIN { FS = "\t"; printf "Book.mistakes = [" }
NR > 1 {
    gsub(/["\\]/, "\\\\&", $5)
    printf "%s\n[\"%s\", \"%s\"]", (NR > 2 ? "," : ""), $3, $5
}
END { print "\n];" }
