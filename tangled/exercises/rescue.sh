#!/bin/sh
# generated from chapters/38-kit.nw by noweb; do not edit
# rescue.sh: moves what was written into blank/ to the student's files
[ -f sums ] || exit 0
cksum blank/* | grep -vxFf sums | while read -r _ _ blank; do
    base=${blank#blank/} name=${base#*-}
    # Find the student's file by its name
    mine=
    for file in [0-9]*-"$name"; do
        case $file in
        *[!0-9]*-"$name") ;;
        *) if [ -f "$file" ]; then mine=$file; fi ;;
        esac
    done
    to=${mine:-$base} handed=.handed-out/$name
    if [ -e "$to" ] && ! cmp -s "$to" "$handed" && ! cmp -s "$to" "$blank"; then
        # Find a free place to put it
        mkdir -p .progress/before
        n=1
        while [ -e ".progress/before/$n-$base" ]; do n=$((n + 1)); done
        to=.progress/before/$n-$base
    fi
    cp "$blank" "$to" && echo "What you wrote into $blank is in $to now."
    [ ! -f "$handed" ] || cp "$handed" "$blank"
    cksum "$blank" | grep -qxFf sums || rm -f "$blank"
done
