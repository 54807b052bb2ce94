# generated from chapters/54-page-exercises.nw by noweb; do not edit
# awk -v kit=KIT -f exercises.awk LIST: the exercises as a script for the page
# Read a whole file as a string of the script
function string(text) { gsub(/["\\]/, "\\\\&", text); return text }
function whole(path,    line, text) {
    while ((getline line < path) > 0) text = text string(line) "\\n"
    close(path)
    return text
}
BEGIN { FS = "\t"; printf "Book.exercises = [" }
NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
{
    file = sprintf("%02d-%s", $at["number"], $at["name"])
    suffix = $at["kind"] == "code" ? ".c" : ".txt"
    printf "%s\n{\"file\": \"%s\", \"suffix\": \"%s\", \"number\": %d, \"kind\": \"%s\", \"points\": %d,", \
        (NR > 2 ? "," : ""), file, suffix, $at["number"], $at["kind"], $at["points"]
    printf " \"name\": \"%s\", \"title\": \"%s\", \"question\": \"%s\", \"ask\": \"%s\",", $at["name"], \
        string($at["title"]), string($at["question"]), string($at["ask"])
    printf " \"blank\": \"%s\", \"hints\": \"%s\"}", whole(kit "/blank/" file suffix), \
        whole(kit "/hints/" file ".txt")
}
END { print "\n];" }
