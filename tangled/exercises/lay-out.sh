#!/bin/sh
# generated from chapters/38-kit.nw by noweb; do not edit
# lay-out.sh: puts the blanks into the student's folder, which is the present one
set -eu
kept=.handed-out
mkdir -p "$kept" .progress build
new=0 renewed=0 beside=0
sh checker/rescue.sh
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
                if [ -e "$base" ] || [ -L "$base" ]; then continue; fi
                cp "$blank" "$base" && new=$((new + 1))
            elif [ ! -f "$kept/$name" ] || cmp -s "$mine" "$blank" || cmp -s "$blank" "$kept/$name"; then
                :
            elif cmp -s "$mine" "$kept/$name"; then
                rm -f "$mine" && cp "$blank" "$base" && renewed=$((renewed + 1))
            else
                # Put the new blank beside the answer
                n='' newer=$mine.new
                while [ -e "$newer" ] && ! cmp -s "$newer" "$kept/$name"; do
                    n=$((${n:-1} + 1)) newer=$mine.new$n
                done
                cp "$blank" "$newer" && beside=$((beside + 1))
                echo "$mine stays as it is; its exercise has changed, and $newer is the new blank"
            fi
            cp "$blank" "$kept/$name"
        fi
    done
done < key/contents
echo "$blanks" > "$kept/.blanks"
if [ ! -e .vscode/tasks.json ]; then mkdir -p .vscode && cp checker/tasks.json .vscode/; fi
[ "$new$renewed$beside" = 000 ] || echo "$new new, $renewed renewed, $beside beside the ones you have begun (.new)"
# Tell of files that nobody looks at
line='
'
known="$line$(sed 's/^[0-9]*-//' key/contents)$line"
for file in *.*; do
    name=${file#"${file%%[!0-9]*}"-} odd=
    case $file in
    *.new | *.new[0-9]* | *.old | *.old[0-9]* | *~) ;;
    [0-9]*-*.c | [0-9]*-*.txt) case $known in *"$line${name%.*}$line"*) ;; *) odd=1 ;; esac ;;
    *[0-9]-[a-z]*) odd=1 ;;
    *) case $known in *"$line${file%%.*}$line"*) odd=1 ;; esac ;;
    esac
    [ -z "$odd" ] || echo "$file is not looked at: the file of an exercise is called as its blank, such as $base" >&2
done
