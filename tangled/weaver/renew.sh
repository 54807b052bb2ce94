#!/bin/sh
# generated from chapters/41-weave.nw by noweb; do not edit
# renew.sh FROM TO SIGN PART...: makes each part of TO, a file or the files of a folder, equal to that of
# FROM. What is equal is left alone; TO/SIGN is touched if it is missing or something was different.
set -eu
from=$1 to=$2 sign=$2/$3
shift 3
# List what differs in one part
differences() {
    { ls -d "$from/$1" "$from/$1"/*; ls -d "$to/$1" "$to/$1"/*; } 2> /dev/null |
        sed "s|^$from/||; s|^$to/||" | sort -u | while read -r file; do
        if [ -d "$from/$file" ] || [ -d "$to/$file" ]; then continue; fi
        if [ -f "$from/$file" ] && [ -f "$to/$file" ] && cmp -s "$from/$file" "$to/$file"; then continue; fi
        echo "$file"
    done
}
changed=$(for part; do differences "$part"; done)
if [ -n "$changed" ] || [ ! -e "$sign" ]; then touch "$sign"; fi
# Carry over what differs
printf '%s\n' "$changed" | while read -r file; do
    if [ -f "$from/$file" ]; then
        folder=$to/$file
        folder=${folder%/*}
        [ -d "$folder" ] || mkdir -p "$folder"
        mv -f "$from/$file" "$to/$file"
    elif [ -n "$file" ]; then rm -f "$to/$file"; fi
done
