#!/bin/sh
# generated from chapters/27-exercises.nw by noweb; do not edit
# hand-out.sh KIT FOLDER: brings a student's folder up to date
set -eu
kit=$1 to=$2 kept=$2/.handed-out
mkdir -p "$to" "$kept"
for part in checker key hints; do
    rm -rf "$to/$part.new"
    cp -R "$kit/$part" "$to/$part.new"
    rm -rf "${to:?}/$part"
    mv "$to/$part.new" "$to/$part"
done
cp "$kit/Makefile" "$kit/README.md" "$to/"
# Hand out each exercise
new=0 renewed=0 left=0 beside=0
for blank in "$kit"/[0-9]*-*.txt "$kit"/[0-9]*-*.c; do
    base=${blank##*/} name=${blank##*/}
    name=${name#*-}
    # Find the student's file by its name
    mine=
    for file in "$to"/[0-9]*-"$name"; do
        case ${file##*/} in
        *[!0-9]*-"$name") ;;
        *) if [ -f "$file" ]; then mine=$file; fi ;;
        esac
    done
    if [ -z "$mine" ]; then
        cp "$blank" "$to/$base" && new=$((new + 1))
    elif [ "$mine" = "$to/$base" ] && cmp -s "$mine" "$blank"; then
        left=$((left + 1))
    elif cmp -s "$mine" "$kept/$name"; then
        rm -f "$mine" && cp "$blank" "$to/$base" && renewed=$((renewed + 1))
    elif [ -f "$kept/$name" ] && cmp -s "$blank" "$kept/$name"; then
        left=$((left + 1)); continue
    else
        cp "$blank" "$mine.new" && beside=$((beside + 1))
    fi
    cp "$blank" "$kept/$name"
done
echo "$new new, $renewed renewed, $left left as they are, $beside beside ($to)"
