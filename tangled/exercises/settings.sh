# generated from chapters/40-course.nw by noweb; do not edit
# shellcheck shell=sh disable=SC2034 # read by run_autograder
# When do students see scores and diagnoses? visible, after_due_date, after_published or hidden
VISIBILITY=visible
# 1: they see scores and verdicts, and not what is wrong
SILENT=0
# The number of the user who runs what was handed in. He needs no name.
GRADER=61001
