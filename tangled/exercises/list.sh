#!/bin/sh
# generated from chapters/38-kit.nw by noweb; do not edit
# list.sh [EXERCISES]: how far each of them has come
build/grade --table "$1" > build/table || exit 1
awk -F '\t' '
    # Count the hints that were given
    function hints(name,    file, n) {
        file = ".progress/hints-" name; n = 0
        if ((getline n < file) < 0) n = 0
        close(file)
        return n + 0
    }
    $8 != chapter { close_chapter(); chapter = $8; rows = ""; got = most = 0 }
    {
        got += $10; most += $7; all_got += $10; all_most += $7
        more = $11 > 0 ? $11 (1 == $11 ? " try" : " tries") : $6 " min"
        h = hints($2); if (h > 0) more = more ", " h (h == 1 ? " hint" : " hints")
        rows = rows sprintf("%4d  %-42.42s %-14s %5s  %s\n", $1, $4, $9 == "not attempted" ? "" : $9, $10 + 0 "/" $7, more)
    }
    function close_chapter() { if (chapter != "") printf "%-64.64s %s of %s points\n%s\n", chapter, got, most, rows }
    END { close_chapter(); printf "%s of %s points\n", all_got + 0, all_most + 0 }' build/table
