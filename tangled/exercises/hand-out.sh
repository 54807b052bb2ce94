#!/bin/sh
# generated from chapters/38-kit.nw by noweb; do not edit
# hand-out.sh KIT FOLDER: brings a student's folder up to date
set -eu
kit=$(cd "$1" && pwd) to=$2
mkdir -p "$to" && cd "$to"
sh "$kit/checker/rescue.sh"
# Put aside what the student has changed of the kit
for file in Makefile README.md; do
    if [ ! -f "$file" ] || cmp -s "$file" "$kit/$file"; then continue; fi
    if [ -f sums ] && cksum "$file" | grep -qxFf sums; then continue; fi
    n='' old=$file.old
    while [ -e "$old" ]; do n=$((${n:-1} + 1)) old=$file.old$n; done
    mv "$file" "$old" && echo "$file comes with the kit; yours, which was another, is $old now."
done
if cmp -s .vscode/tasks.json checker/tasks.json; then rm -f .vscode/tasks.json; fi
for part in checker key hints blank; do
    rm -rf "$part.new"
    cp -R "$kit/$part" "$part.new"
    rm -rf "$part"
    mv "$part.new" "$part"
done
cp "$kit/Makefile" "$kit/README.md" "$kit/sums" .
sh checker/lay-out.sh
echo "$(find . -type f -path './[0-9]*' \( -name '[0-9]*-*.txt' -o -name '[0-9]*-*.c' \) | grep -c .) exercises in $to"
