#!/bin/sh
# generated from chapters/51-browser.nw by noweb; do not edit
# packages.sh LIST FOLDER: fetches the packages of LIST from npm into FOLDER
set -eu
list=$1 folder=$2
mkdir -p "$folder"
grep -v '^#' "$list" | while read -r name version sum _; do
    test ! -e "$folder/$name-$version/package.json" || continue
    (cd "$folder" && npm pack --silent "$name@$version" > /dev/null)
    archive=$folder/$name-$version.tgz
    # Compare the sum of a package
    got=$(sha256sum < "$archive" | cut -d ' ' -f 1)
    if [ "$got" != "$sum" ]; then
        rm -f "$archive"
        echo "packages.sh: $name $version has the sum $got, and $list says $sum: nothing kept" >&2
        exit 1
    fi
    mkdir -p "$folder/$name-$version.new"
    tar -xzf "$archive" -C "$folder/$name-$version.new" --strip-components=1
    rm -rf "$archive" "$folder/${name:?}-$version"
    mv "$folder/$name-$version.new" "$folder/$name-$version"
    echo "$folder/$name-$version"
done
