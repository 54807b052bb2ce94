#!/bin/sh
# generated from chapters/38-kit.nw by noweb; do not edit
# next.sh: the first exercise that is not right, with its text
build/grade --table > build/table || exit 1
name=$(awk -F '\t' '$9 == "right" { next } $5 != "stretch" { name = $2; exit } later == "" { later = $2 }
    END { print (name == "" ? later : name) }' build/table)
[ "$name" ] || { echo "All exercises are right."; exit 0; }
base=$(build/grade --list "$name")
# Find the file of the exercise
mine=
for file in [0-9]*-"${base#*-}".txt [0-9]*-"${base#*-}".c; do
    case $file in *[!0-9]*-"${base#*-}".*) ;; *) [ ! -f "$file" ] || mine=$file ;; esac
done
[ "$mine" ] || { echo "Next is $base; but what is there under its name is no file. Put it elsewhere, and type make next again." >&2; exit 1; }
awk -F '\t' -v name="$name" -v file="$mine" '{ got += $10; most += $7 }
    $2 == name { number = $1; said = $9; where = $8; minutes = $6; points = $7 }
    END { printf "%s of %s points so far.\n\nNext: %s, in the chapter “%s”", got + 0, most, file, where
        printf " (%s minutes, %s point%s)%s.\n\n", minutes, points, (points == 1 ? "" : "s"), (said == "not attempted" ? "" : ", " said " so far")
        printf "    make check EX=%s    make hint EX=%s\n\n", number, number }' build/table
sed -n 's/^%  *//p; s/^%$//p; s/^\/\* //p; /^ \*\//q; s/^ \* //p' "$mine"
