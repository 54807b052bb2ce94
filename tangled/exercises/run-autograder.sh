#!/bin/sh
# generated from chapters/40-course.nw by noweb; do not edit
# packed as run_autograder: grades what lies in /autograder/submission
top=${AUTOGRADER:-/autograder}
# shellcheck source=/dev/null # the settings of the archive
. "$top/source/settings"
mkdir -p "$top/results"
exec perl "$top/source/assess.pl" kit="$top/source/kit" submission="$top/submission" \
    results="$top/results/results.json" user="$GRADER" visibility="$VISIBILITY" silent="$SILENT"
