# generated from chapters/41-weave.nw by noweb; do not edit
# awk -v kinds='SUFFIX|SUFFIX' -f tangle.awk: a filter for notangle
# Choose how files of this kind mark a comment
BEGIN {
    open = "# "
    if (kinds ~ /^c/) { open = "/* "; shut = " */" }
    if (kinds ~ /^lua/) open = "-- "
    if (kinds ~ /^html/) { open = "<!-- "; shut = " -->" }
    if (kinds ~ /^tex/) open = "% "
}

# Head each file with its origin
/^@file / { file = substr($0, 7) }
/^@defn [^ ]*\.[a-z0-9]+$/ && $0 ~ "\\.(" kinds ")$" && !headed[$2]++ { state = 1 }
state == 2 && !/^@text #!/ {
    print "@text " open "generated from " file " by noweb; do not edit" shut
    print "@nl"
    state = 0
}
/^@nl/ && state == 1 { state = 2; print; next }
/^@text #!/ && state == 2 { state = 1 }

# Leave a line between functions
/^@defn / { name = substr($0, 7); apart = end[name] ~ /^(}|end)/ }
/^@(text|use) ./ && apart == 2 { print "@nl" }
/^@(text|use|nl)/ && apart { apart = apart == 1 ? 2 : 0 }
/^@text/ { line = line substr($0, 7) }
/^@use/ { line = line "<" }
/^@nl/ { last = line; line = "" }
/^@end code/ { end[name] = last }

# Name each chunk where it is used
/^@begin / { code = $2 == "code"; fresh = used = 0 }
/^@use / && code && fresh {
    if (used && indent == "") print "@nl"
    print "@text " open substr($0, 6) shut
    print "@nl"
    if (indent != "") print "@text " indent
}
{ print }
# Remember whether the line has only been indented so far
/^@nl/ { fresh = 1; indent = "" }
/^@text/ {
    indent = substr($0, 7)
    if (indent !~ /^[ \t]*$/) fresh = used = 0
}
/^@use/ { fresh = 0; used = 1 }
