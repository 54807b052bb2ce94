#!/bin/sh
# generated from chapters/38-kit.nw by noweb; do not edit
# update.sh ARCHIVE: takes over the kit in a .tar.gz, or in a folder
set -eu
[ "$1" ] || { echo "From which file? make update FROM=course.tar.gz" >&2; exit 2; }
[ -e "$1" ] || { echo "There is no $1." >&2; exit 1; }
new=.update
rm -rf "$new" && mkdir "$new"
trap 'rm -rf "$new"' EXIT
from=$1
if [ -f "$from" ]; then
    gzip -dc "$from" 2> /dev/null | (cd "$new" && tar xf - 2> /dev/null) || { echo "$1 cannot be unpacked; is it complete?" >&2; exit 1; }
    from=$new
fi
kit=$(find "$from" -name contents -path '*/key/contents' | sed -n '1s/.key.contents$//p')
for part in key/contents checker/lay-out.sh checker/hand-out.sh blank hints Makefile README.md; do
    [ -e "${kit:-nowhere}/$part" ] || { echo "$1 is not a kit of exercises: $part is missing. Nothing was changed." >&2; exit 1; }
done
sh "$kit/checker/hand-out.sh" "$kit" .
