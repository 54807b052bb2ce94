# generated from chapters/26-ledger.nw by noweb; do not edit
BEGIN { FS = OFS = "\t"; print "extern const char *const book_lines[];\nconst char *const book_lines[] = {" }
NR > 1 && $4 !~ /prose|seed|inline/ {
    $3 = 0
    gsub(/[\\"]/, "\\\\&")
    print "    \"" $0 "\","
}
END { print "    0\n};" }
