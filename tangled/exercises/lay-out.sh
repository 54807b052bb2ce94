#!/bin/sh
# generated from chapters/38-kit.nw by noweb; do not edit
# lay-out.sh: puts the blanks into the student's folder, which is the present one
set -eu
kept=.handed-out
mkdir -p "$kept" .progress build
new=0 renewed=0 beside=0
# Know whether the blanks are those of last time
blanks=$(cat key/contents blank/* | cksum)
same=
if [ -f "$kept/.blanks" ] && [ "$(cat "$kept/.blanks")" = "$blanks" ]; then same=1; fi
while read -r exercise; do
    for blank in "blank/$exercise".txt "blank/$exercise".c; do
        if [ -f "$blank" ]; then
            # Lay out one exercise
            base=${blank##*/}
            name=${base#*-}
            # Find the student's file by its name
            mine=
            for file in [0-9]*-"$name"; do
                case $file in
                *[!0-9]*-"$name") ;;
                *) if [ -f "$file" ]; then mine=$file; fi ;;
                esac
            done
            if [ "$mine" ] && [ "$same" ]; then
                continue
            elif [ -z "$mine" ]; then
                cp "$blank" "$base" && new=$((new + 1))
            elif cmp -s "$mine" "$blank"; then
                :
            elif cmp -s "$mine" "$kept/$name"; then
                rm -f "$mine" && cp "$blank" "$base" && renewed=$((renewed + 1))
            elif cmp -s "$blank" "$kept/$name"; then
                continue
            else
                cp "$blank" "$mine.new" && beside=$((beside + 1))
            fi
            cp "$blank" "$kept/$name"
        fi
    done
done < key/contents
echo "$blanks" > "$kept/.blanks"
if [ ! -e .vscode/tasks.json ]; then mkdir -p .vscode && cp checker/tasks.json .vscode/; fi
[ "$new$renewed$beside" = 000 ] || echo "$new new, $renewed renewed, $beside beside the ones you have begun (.new)"
