#!/bin/sh
# The checker has run once, for the book and for the tests; this is its report.
cat "${BUILD:-build}/eqcheck.tap"
