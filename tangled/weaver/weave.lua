-- generated from chapters/41-weave.nw by noweb; do not edit
local build = os.getenv("BUILD") or "build"
-- Complain, and go on
local complaints = 0
local function complain(place, text, ...)
    io.stderr:write(place, ": ", text:format(...), "\n")
    complaints = complaints + 1
end

local function stop_if_there_were_complaints()
    if complaints == 0 or os.getenv("DRAFT") == "1" then return end
    io.stderr:write("weave: ", complaints, " mistakes; no book was written\n")
    os.exit(1)
end

-- Read the stream of noweb
local book = { files = {}, chunks = {}, by_label = {}, names = {}, identifiers = {} }
local on = {}           -- what to do for each keyword of the stream
local now = {}          -- where in the stream we are
-- Know on which shelf a section stands
VOLUME, ROMAN = { 1, 2, 2, 2 }, { "I", "II" }

-- What a heading says of all below it: the shelf. What is open at each level is remembered in `below`.
local function go_below(below, level, volume, unnumbered)
    local here = tonumber(volume) or below[level - 1] or 1
    for l = level, 6 do below[l] = here end
    if level == 1 then below.front = unnumbered end
    below.shelf = here == 1 and 1 or below[1] == 1 and 3 or below.front and 2 or 4
end

function note_heading(file, text)
    local level, attributes = text:match("^(#+) .-(%b{})%s*$")
    if not level then level, attributes = text:match("^(#+) "), "" end
    if not level then return end
    go_below(file.below, #level, attributes:match("%f[%w]volume=(%d)"), attributes:match("%.unnumbered") ~= nil)
end

-- Follow the lines of the source
function on.file(name)
    now.file = { name = name, prose = {}, below = {} }
    now.line = 1
    now.text = ""
    table.insert(book.files, now.file)
end

function on.nl()
    if now.chunk then now.chunk:end_line() else end_prose() end
    now.line = now.line + 1
end

-- Collect the prose
function end_prose()
    if now.text:match("^```") or now.text:match("^~~~") then now.literal = not now.literal end
    if not now.literal then note_heading(now.file, now.text) end
    table.insert(now.file.prose, { text = now.text, line = now.line })
    now.text = ""
end

function on.quote() now.quote = "" end

function on.endquote()
    local code = now.quote
    now.quote = nil
    if now.literal then code = "[[" .. code .. "]]" else code = in_backticks(code) end
    now.text = now.text .. code
end

function in_backticks(code)
    local fence = "`"
    while code:find(fence, 1, true) do fence = fence .. "`" end
    local gap = code:match("^`") or code:match("`$") or code == "" and " " or ""
    if gap ~= "" then gap = " " end
    return fence .. gap .. code .. gap .. fence
end

-- Collect a chunk
local Chunk = {}
Chunk.__index = Chunk

function on.begin(kind)
    if not kind:match("^code") then return end
    now.chunk = setmetatable({ lines = {}, tokens = {}, defines = {}, used_by = {},
                               file = now.file.name, line = now.line, shelf = now.file.below.shelf }, Chunk)
    now.defining = true
end

function on.defn(name)
    local c = now.chunk
    c.name, c.index = name, #book.chunks + 1
    table.insert(book.chunks, c)
    book.by_label[c.label] = c
    table.insert(now.file.prose, { chunk = c, text = "", line = now.line })
end

on["end"] = function(kind)
    if now.chunk and kind:match("^code") then
        if #now.chunk.tokens > 0 then now.chunk:end_line() end
        now.chunk = nil
    end
end

function on.xref_label(label)
    if now.chunk and not now.chunk.label then now.chunk.label = label end
end
function on.xref_ref(label) now.target = label end
function on.xref_prevdef(label) now.chunk.previous = label end
function on.xref_nextdef(label) now.chunk.next = label end
function on.xref_useitem(label) table.insert(now.chunk.used_by, label) end
function on.index_defn(name)
    if now.chunk then table.insert(now.chunk.defines, name) end
end

-- Collect the lines of a chunk
function Chunk:end_line()
    if now.defining then now.defining = false return end
    table.insert(self.lines, self.tokens)
    self.tokens = {}
end

function on.text(text)
    if now.quote then now.quote = now.quote .. text return end
    if not now.chunk then now.text = now.text .. text return end
    local kind = now.identifier and "identifier" or "text"
    table.insert(now.chunk.tokens, { kind = kind, text = text, target = now.target })
    now.identifier = false
end

function on.index_use() now.identifier = now.chunk ~= nil end

function on.use(name)
    if now.quote then now.quote = now.quote .. "<<" .. name .. ">>" return end
    table.insert(now.chunk.tokens, { kind = "use", text = name, target = now.target })
end

function on.index_nl() now.line = now.line + 1 end

-- Collect the indexes
local function entry(list)
    return function(name) now.entry = { name = name:match("^%S+ (.*)$"), defined = {}, used = {} }
        table.insert(list, now.entry) end
end
local function item(field)
    return function(label) table.insert(now.entry[field], label) end
end
on.xref_chunkbegin, on.index_entrybegin = entry(book.names), entry(book.identifiers)
on.xref_chunkdefn, on.index_entrydefn = item("defined"), item("defined")
on.xref_chunkuse, on.index_entryuse = item("used"), item("used")

-- Dispatch each line of the stream
local function read_stream(text)
    for line in text:gmatch("[^\n]*") do
        local key, rest = line:match("^@(%a+) ?(.*)$")
        if key == "index" or key == "xref" then
            local sub, value = rest:match("^(%a+) ?(.*)$")
            key, rest = key .. "_" .. sub, value
        end
        if on[key] then on[key](rest) end
    end
end

-- Take the equations out of the prose
local equations = {}
-- Read the attributes of an equation
function read_attributes(e, text)
    local at = 1
    while at <= #text do
        local sigil, word, to = text:match("^%s*([#.])([^%s=}]+)%s*()", at)
        local key, value, after = text:match('^%s*([%w-]+)="([^"]*)"%s*()', at)
        if sigil == "#" and word:match("^eq:") then e.label = word
        elseif sigil == "." then table.insert(e.classes, word)
        elseif key then table.insert(e.attributes, { key, value })
        else return false end
        at = to or after
    end
    return true
end

-- Add one equation to the list
function add_equation(e, text)
    local place = e.file .. ":" .. e.line
    e.latex = e.latex:gsub("%s+", " "):match("^ ?(.-) ?$")
    e.classes, e.attributes = {}, { e.theory and { "theory", e.theory } }
    if not read_attributes(e, text:match("^{(.*)}$") or "") or not e.label then
        complain(place, "after $$ there should be {#eq:label …}, not “%s”", text)
        e.label = "eq:without-label-" .. #equations
    end
    define(e.label, place)
    table.insert(equations, e)
    return ("`%d`{=equation}"):format(#equations)
end

-- Find the theory of a line
function note_theory(file, line, text)
    local level = text:match("^(##?) ")
    if not level then return end
    local name = text:match("{.*%f[%w]theory=(%l+)")
    if level == "#" then file.theory = name end
    file.theories = file.theories or {}
    table.insert(file.theories, { line = line, name = name or file.theory })
end

-- Nil for the plain network.
function theory_at(file, line)
    local found
    for _, t in ipairs(file.theories or {}) do
        if t.line <= line then found = t.name end
    end
    return found ~= "plain" and found or nil
end

-- Returns the lines of a file as one string; chunks and equations are placeholders.
local function prose_of(file)
    local out, literal, open = {}, false, nil
    file.lines = {}
    for _, l in ipairs(file.prose) do
        local text = l.text
        if text:match("^```") or text:match("^~~~") then literal = not literal end
        if not literal then note_theory(file, l.line, text) end
        if not literal and not open and text:match("^%$%$") then
            open = { file = file.name, line = l.line, latex = "", theory = theory_at(file, l.line) }
            text = text:sub(3)
        end
        -- Add a line to the open equation, or to the prose
        if open and (l.chunk or text:match("^%s*$") and open.latex ~= "") then
            complain(file.name .. ":" .. open.line, "this equation has no end, or no {#eq:label} after it")
            open = nil
        end
        if open then
            local last, attributes = text:match("^(.-)%$%$%s*(.-)%s*$")
            open.latex = open.latex .. (last or text) .. " "
            if last then table.insert(out, add_equation(open, attributes)) open = nil end
        elseif l.chunk then
            table.insert(out, ("\n```{=chunk}\n%d\n```\n"):format(l.chunk.index))
        else
            table.insert(out, note_places(text, file.name .. ":" .. l.line, literal))
        end
        -- Note which line of the source this is
        if #out > (file.noted or 0) then
            local _, breaks = out[#out]:gsub("\n", "")
            for _ = 0, breaks do table.insert(file.lines, l.line) end
            file.noted = #out
        end
    end
    if open then complain(file.name .. ":" .. open.line, "this equation does not end") end
    file.text = table.concat(out, "\n")
    return file.text
end

local defined, cited = {}, {}

function define(label, place)
    if defined[label] then
        complain(place, "the label %s is already used at %s", label, defined[label])
    end
    defined[label] = place
end

function note_places(text, place, literal)
    if literal then return text end
    for label in text:gmatch("{#([%w:_-]+)") do define(label, place) end
    for label in text:gmatch("@(%l+:[%w_-]*%w)") do
        cited[label] = cited[label] or place
    end
    return (text:gsub("%]{(%.?%l)", ']{place="' .. place .. '" %1'))
end

-- Read formulas and numbers in sentences
local formulas, claims, numerals = {}, {}, {}       -- what was found in sentences
-- Follow the source
local function follow(file, text)
    local near = file.text:sub(file.at, file.at + 60)
    local _, to = near:find(text, 1, true)
    if not to then
        near = file.text:sub(file.at, file.at + 4000)
        _, to = near:find(text, 1, true)
    end
    if not to then return end
    local line = near:find("\n", 1, true)
    while line and line <= to do
        file.line = file.line + 1
        line = near:find("\n", line + 1, true)
    end
    file.at = file.at + to
end

local function place_of_last(file) return file.name .. ":" .. (file.lines[file.line] or 0) end

local function place_in(file, text)
    follow(file, text)
    return place_of_last(file)
end

-- Find out what the program knows
local places = {}                                   -- the folder of each tangled file
for line in io.lines("tangled/parts.mk") do
    local part, files = line:match("^FILES_(%w+) :=(.*)")
    for name in (files or ""):gmatch("%S+") do places[name] = "tangled/" .. part .. "/" end
end
local function place_of(name) return (places[name] or "tangled/") .. name end

local sources = {}
local function source(name)
    if not sources[name] then
        local file = io.open(name:match("/") and name or name:match("^Makefile$") or place_of(name))
        sources[name] = file and "\n" .. file:read("a") or ""
    end
    return sources[name]
end

local SETTINGS = { "#define%%s+%s%%s+([^\n]+)", "%%f[%%w_]%s%%s*%%??=%%s*([^=,;}\n][^,;}\n]*)" }
local evaluate

local function constant(name, files)
    local found
    for file in files:gmatch("%S+") do
        for _, pattern in ipairs(SETTINGS) do
            for text in source(file):gmatch(pattern:format(name)) do
                local value = evaluate(text:gsub("/[/*].*", ""), file)
                if value and found and value ~= found then return nil, name .. " has several values" end
                found = found or value
            end
        end
    end
    return found, not found and name .. " has no value in " .. files
end

local KNOWN = { log = math.log, exp = math.exp, sqrt = math.sqrt, floor = math.floor, ceil = math.ceil, abs = math.abs,
                filled = function(byte) return string.unpack("<d", string.char(byte):rep(8)) end,
                log2 = function(x) return math.log(x, 2) end, codepoint = utf8.codepoint,
                count = function(file, pattern) return select(2, source(file):gsub(pattern, "")) end,
                when = function(file, text, value) return source(file):find(text, 1, true) and value end }

function evaluate(text, files)
    local why
    local scope = setmetatable({}, { __index = function(_, name)
        local value, reason = KNOWN[name], nil
        if not value then value, reason = constant(name, files) end
        why = why or reason
        return value
    end })
    text = text:gsub("%(%l+%)%s*(%f[%w%-])", "%1"):gsub("(%f[%w]%d[%dxA-F]*)[uUlL]+", "%1")
    local f = load("return " .. text, text, "t", scope)
    local good, value = pcall(f or error)
    if good and tonumber(value) then return tonumber(value) end
    return nil, why or "“" .. text .. "” has no value"
end

-- Understand a written number
local WORDS = {}
for i, w in ipairs { "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen" } do WORDS[w] = i end
for i, w in ipairs { "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety" } do WORDS[w] = 10 * i + 10 end
local SCALES = { hundred = 1e2, thousand = 1e3, million = 1e6, billion = 1e9, dozen = 12 }
local FRACTIONS = { half = 1 / 2, third = 1 / 3, quarter = 1 / 4, fifth = 1 / 5, tenth = 1 / 10 }

local function from_words(text)
    local sum, part = FRACTIONS[text:lower()] or 0, nil
    if sum > 0 then return sum end
    for word in text:lower():gmatch("%a+") do
        if WORDS[word] then part = (part or 0) + WORDS[word]
        elseif SCALES[word] == 1e2 then part = (part or 1) * 100
        elseif SCALES[word] then sum, part = sum + (part or 1) * SCALES[word], nil
        elseif not (word == "a" or word == "an" or word == "and") then return nil end
    end
    sum = sum + (part or 0)
    return sum > 0 and sum or nil
end

local UNITS = { [""] = 1, ["%"] = 0.01, KiB = 2^10, MiB = 2^20, GiB = 2^30, kB = 1e3, MB = 1e6, GB = 1e9 }

local function from_digits(text)
    text = text:gsub("(%d)[, \u{a0}](%d%d%d)%f[%D]", "%1%2"):gsub("(%d)[, \u{a0}](%d%d%d)%f[%D]", "%1%2")
    local digits, unit = text:match("^([-\u{2212}]?[%d.]+e?[-%d]*)[ \u{a0}]*([%a%%]*)$")
    local value = digits and tonumber((digits:gsub("\u{2212}", "-")))
    return value and UNITS[unit] and value * UNITS[unit]
end

local function from_latex(text)
    text = text:gsub("\\pm", ""):gsub("\\cdot", "*"):gsub("\\frac{(.-)}{(.-)}", "(%1)/(%2)")
    text = text:gsub("{", "("):gsub("}", ")"):gsub("e%^(%b())", "exp%1")
    local rest = text:gsub("exp", "")
    return rest:match("%d") and rest:match("^[%d%s.*^()/+-]+$") and evaluate(text, "")
end

local function number_in(text)
    text = text:gsub("%s+per cent$", "%%")
    return from_digits(text) or from_words(text) or from_latex(text)
end

local function is_about(text, written, value)
    local digits = text:match("[%d.,]+") or ("%.0f"):format(written)
    digits = digits:gsub("^[0.]+", "")
    local count = #(digits:find("%.") and digits:gsub("%D", "") or digits:gsub("%D", ""):gsub("0+$", ""))
    return ("%%.%dg"):format(count):format(value) + 0 == written
end

-- Check a number that is marked
-- Why the number in the text is not the one that is known; nil if it is.
local function not_as_known(text, a, about)
    local written, value, why = number_in(text), evaluate(a.of, a["in"] or "")
    if not value then return why end
    if not written then return "this is no number" end
    if about and is_about(text, written, value) then return nil end
    if math.abs(written - value) <= 1e-12 * math.abs(value) then return nil end
    return ("it is %.10g"):format(value)
end

local function add_number(place, text, kind, note, wrong)
    table.insert(numerals, { place, kind, (text:gsub("%s+", " ")), (note or ""):gsub("%s+", " "), wrong or "ok" })
end

-- The words of a number that was looked at get a sign, so that they are not looked at again.
local function check_marked(span)
    local a, text = span.attributes, pandoc.utils.stringify(span)
    local kind = a.of and "known"
    for _, class in ipairs { "fact", "given", "prose", "measured" } do kind = span.classes:includes(class) and class or kind end
    if not kind or span.classes:includes("formula") or has_formula(span) then return end
    -- Add the number with what is wrong about it
    if kind == "fact" then add_number(a.place, text, kind, a.source, not a.source and "a fact has a source" or nil)
    elseif kind == "prose" then add_number(a.place, text, kind, a.reason, not a.reason and "prose has a reason" or nil)
    elseif kind == "given" then add_number(a.place, text, kind)
    elseif kind == "measured" then add_number(a.place, "", kind, (a.file or "") .. " " .. (a.row or ""))
    else
        local wrong = not_as_known(text, a, span.classes:includes("about"))
        add_number(a.place, text, a["in"] and "code" or "arithmetic", a.of .. (a["in"] and " in " .. a["in"] or ""), wrong)
    end
    if kind == "measured" then return end
    return pandoc.walk_block(pandoc.Plain(span.content), { Str = function(s) return pandoc.Str("\1" .. s.text) end }).content
end

function has_formula(span)
    local found = false
    pandoc.walk_inline(span, { Math = function() found = true end })
    return found
end

-- Look for numbers that are not marked
local function kept(of)
    local known = {}
    return function(text)
        local value = known[text]
        if value == nil then
            value = of(text) or false
            known[text] = value
        end
        return value
    end
end

local kind_of_word = kept(function(text)
    text = text:gsub("[\u{201c}\u{201d}\u{2018}\u{2019}]", "")
    local word = text:lower():match("^[%p]*(%a+)")
    local stem = word and word:gsub("ies$", "y"):gsub("s$", "")
    if stem and (SCALES[stem] or (WORDS[stem] or 0) > 12) then return "unmarked" end
    if not text:match("%d") or text:match("^%W*@") then return nil end
    return kind_of_digits(text:match("^[(%[]*(.-)[)%].,;:?!]*$"))
end)
local is_numeral = kept(function(text) return WORDS[text:lower()] ~= nil or tonumber(text) ~= nil end)
-- Is this the last word of “five per cent”? To be asked of every word, in order.
local function is_per_cent(file, text)
    file.words = (file.words or 0) + 1
    if is_numeral(text) then file.number_at = file.words end
    return file.number_at == file.words - 2 and text:match("^cent%p*$")
end

function kind_of_digits(text)
    local value = tonumber(text)
    if text:match("^%d+$") and value <= 12 then return "small" end
    if text:match("^%d%d%d%d$") and value >= 1900 and value <= 2030 or text:match("^%d%d%d0s$") then return "year" end
    if text:match("%a") and not text:match("^[%d.]+[%a%%]+$") then return "name" end
    return "unmarked"
end

-- Sort a formula
local RELATIONS = { "=", "<", ">", "\\ne", "\\neq", "\\le", "\\leq", "\\ge", "\\geq", "\\in", "\\approx", "\\coloneqq", "\\sim", "\\propto",
                    "\\to", "\\ll", "\\gg", "\\equiv", "\\simeq", "\\subset", "\\mid" }
local function cut_at_relations(latex)
    local bare = latex:gsub("[_^]%b{}", function(s) return ("\1"):rep(#s) end)
    for _, r in ipairs(RELATIONS) do
        local pattern = r:match("%a") and r .. "%f[%A]" or r
        bare = bare:gsub(pattern, function(s) return ("\2"):rep(#s) end)
    end
    local sides, at = {}, 1
    for from, to in bare:gmatch("()\2+()") do
        table.insert(sides, latex:sub(at, from - 1))
        at = to
    end
    if #sides > 0 then table.insert(sides, latex:sub(at)) end
    return sides
end

local function is_shape(latex)
    if not latex:match("\\times") then return false end
    local rest = latex:gsub("_%b{}", ""):gsub("_\\?%w+", ""):gsub("\\times", " "):gsub("\\sum", "")
    return not rest:match("[^1mnlBRTpqNK%s()=]")
end

local function is_condition(sides)
    for _, s in ipairs(sides) do
        local bare = s:gsub("\\tau%f[%A]", "t"):gsub("\\%l?dots", "t"):gsub("[%s,]", "")
        if not bare:match("^%a[%d+-]*$") and not bare:match("^%a[+-]%a[%d+-]*$") and not bare:match("^%d+$") then return false end
    end
    return sides[1]:match("^%s*\\?%a") ~= nil
end

local HAS = { ["is"] = true, ["are"] = true, ["is a"] = true, ["is an"] = true, ["which is"] = true, ["which are"] = true, ["("] = true,
              ["has the shape"] = true, ["is of shape"] = true, ["of shape"] = true, ["and is"] = true }
local function belongs(words)
    return HAS[words:gsub("[\u{a0}%s]+", " "):gsub("^[, ]+", ""):gsub(" $", "")]
end

local function is_number(latex) return from_latex(latex) ~= nil and from_latex(latex) ~= false end

-- Returns the kind of a formula, and what is to be executed.
local function sort(latex, x, subject)
    local sides, of = cut_at_relations(latex), x.attributes.of
    if x.classes:includes("prose") then return "prose", latex end
    for _, class in ipairs { "given", "fact" } do
        if x.classes:includes(class) then return class, latex end
    end
    if of and (x.attributes["in"] or is_number(latex)) then return "number", latex end
    if is_number(latex) then return "number", latex end
    local subject_in, space = latex:match("^(.-)\\in%s*\\mathbb%s*{?R}?%s*%^(%b{})%s*$")
    if space then return "shape", subject_in .. "\\in " .. space:sub(2, -2) end
    if is_shape(latex) and (of or subject) then return "shape", (of or subject) .. " \\in " .. latex end
    if is_shape(latex) then return "shape", latex end
    if of then return "claim", of .. " = " .. latex end
    if #sides == 0 or latex:match("^%s*\\%a+%s*$") then return "mention", latex end
    return is_condition(sides) and "condition" or "claim", latex
end

-- Sort the formulas of a sentence
local function name_place(file, line)
    local stem, name = file:match("([%w-]+)%.nw$"):gsub("^%d+%-", ""), nil
    for i = 0, 25 do
        name = ("in:%s-%s%s"):format(stem, line, i > 0 and string.char(97 + i) or "")
        if not defined[name] then break end
    end
    define(name, file .. ":" .. line)
    return name
end

local function add_formula(x, subject)
    local latex, place, order = x.content[1].text, x.attributes.place, tonumber(x.attributes.order)
    local kind, executed = sort(latex, x, subject)
    local file, line = place:match("^(.*):(%d+)$")
    local row = { order = order, file = file, line = line, kind = kind, latex = executed, note = x.attributes.reason or x.attributes.source or x.attributes.of or "", theory = x.attributes.theory or "" }
    table.insert(formulas, row)
    if kind == "number" then check_relation(x, latex, place) end
    if kind == "claim" or kind == "shape" then
        row.label = name_place(file, line)
        -- Add the claim to the equations
        local claim = { file = file, line = tonumber(line), label = row.label, order = order, latex = executed, classes = { "inline" }, attributes = {} }
        if kind == "shape" then claim.classes[2] = "shape" end
        for _, key in ipairs { "theory", "survives" } do
            if x.attributes[key] then table.insert(claim.attributes, { key, x.attributes[key] }) end
        end
        table.insert(claims, claim)
    end
    return x.content[1]
end

-- A number as a formula, or a formula such as \beta_2 = 0.999, whose number the program knows.
function check_relation(x, latex, place)
    local sides, a = cut_at_relations(latex), x.attributes
    if not a.of then
        local value = from_latex(latex)
        local small = math.abs(value) <= 12 and value % 1 == 0 and not latex:match("%^")
        return add_number(place, latex, small and "small" or "unmarked", "", not small and "an unmarked number" or nil)
    end
    local named = (a["in"] or "") ~= ""
    add_number(place, latex, named and "code" or "arithmetic", a.of .. (named and " in " .. a["in"] or ""), not_as_known(sides[#sides] or latex, a, x.classes:includes("about")))
end

local function sort_formulas(inlines)
    local subject, words, found = nil, "", false
    for i, x in ipairs(inlines) do
        if x.t == "Span" and x.classes:includes("formula") then
            local latex = x.content[1].text
            inlines[i] = add_formula(x, belongs(words) and subject or nil)
            subject, words, found = latex, "", true
        elseif x.t == "Code" then subject = nil
        elseif subject then words = words .. pandoc.utils.stringify(x) end
    end
    return found and inlines or nil
end

-- Read the sentences of a chapter
local function read_words(file)
    return {
        Str = function(s)
            local text = s.text
            local looked_at = text:byte() == 1 and text:sub(2)
            follow(file, looked_at or text)
            local per_cent = is_per_cent(file, text)
            if looked_at then return pandoc.Str(looked_at) end
            local kind = per_cent and "unmarked" or kind_of_word(text)
            if kind then add_number(place_of_last(file), text, kind, "", kind == "unmarked" and "an unmarked number" or nil) end
        end,
        Math = function(m)
            -- Give a formula its place
            local place = place_in(file, "$" .. m.text:match("^%S+"))
            m.text = m.text:gsub("%s+", " ")
            if m.mathtype == "DisplayMath" then
                complain(place, "an equation that does not begin its line: $$%s$$", m.text)
                return
            end
            file.formulas = (file.formulas or 0) + 1
            return pandoc.Span({ m }, pandoc.Attr("", { "formula" }, { place = place, order = tostring(file.formulas),
                theory = theory_at(file, tonumber(place:match("%d+$"))) }))
        end,
        -- Notice an equation
        RawInline = function(r)
            if r.format == "equation" then file.equations = (file.equations or 0) + 1 end
        end,
    }
end

local function join_mark(span)
    local inner = #span.content == 1 and span.content[1]
    if not inner or inner.t ~= "Span" or not inner.classes:includes("formula") then return end
    for _, class in ipairs(span.classes) do inner.classes:insert(class) end
    for key, value in pairs(span.attributes) do
        if key ~= "place" then inner.attributes[key] = value end
    end
    return inner
end

local function caption_images(blocks, caption_of)
    return pandoc.walk_block(blocks, { Figure = function(f)
        local caption = caption_of(f)
        f.content = pandoc.walk_block(pandoc.Div(f.content), { Image = function(image)
            image.caption = caption
            return image
        end }).content
        return f
    end })
end

-- Walk through blocks one by one
local function read_block_by_block(file, blocks)
    local filter, out = read_words(file), pandoc.List()
    file.with_formula, file.with_equation = {}, {}
    for i, b in ipairs(blocks) do
        local formulas, equations_before = file.formulas, file.equations
        out:insert(pandoc.walk_block(pandoc.Div { b }, filter).content[1])
        file.with_formula[i] = file.formulas ~= formulas
        file.with_equation[i] = file.equations ~= equations_before
    end
    return out
end

function walk_some(blocks, chosen, ...)
    local out = pandoc.List()
    for i, b in ipairs(blocks) do
        local walked = pandoc.Div { b }
        for _, filter in ipairs(chosen[i] and { ... } or {}) do walked = pandoc.walk_block(walked, filter) end
        out:extend(chosen[i] and walked.content or { b })
    end
    return out
end
local function read_sentences(file, blocks)
    file.at, file.line = 1, 1
    blocks = caption_images(pandoc.Div(blocks), function() return pandoc.List() end)
    blocks = pandoc.walk_block(blocks, { Span = check_marked }).content
    blocks = read_block_by_block(file, blocks)
    blocks = walk_some(blocks, file.with_formula, { Span = join_mark }, { Inlines = sort_formulas })
    blocks = walk_some(blocks, file.with_equation, put_back)
    return caption_images(pandoc.Div(blocks), function(f) return pandoc.utils.blocks_to_inlines(f.caption.long) end).content
end

-- Parse the prose of a chapter
local DIALECT = "markdown-raw_tex-raw_html-auto_identifiers"

-- Put equations back
local function split_paragraph(p)
    local blocks, rest = pandoc.List(), pandoc.List()
    local function flush()
        while #rest > 0 and rest[1].t:match("Break$") do rest:remove(1) end
        while #rest > 0 and rest[#rest].t:match("Break$") do rest:remove() end
        if #rest > 0 then blocks:insert(pandoc.Para(rest)) end
        rest = pandoc.List()
    end
    for _, x in ipairs(p.content) do
        if x.t == "RawInline" and x.format == "equation" then
            flush()
            blocks:insert(equation_block(equations[tonumber(x.text)]))
        else rest:insert(x) end
    end
    flush()
    return blocks
end

put_back = {
    Para = function(p)
        for _, x in ipairs(p.content) do
            if x.t == "RawInline" and x.format == "equation" then return split_paragraph(p) end
        end
    end,
}

function equation_block(e)
    local attributes = { { "place", e.file .. ":" .. e.line } }
    for _, a in ipairs(e.attributes) do table.insert(attributes, a) end
    local classes = { "equation", table.unpack(e.classes) }
    local formula = pandoc.Math("DisplayMath", e.latex)
    e.block = pandoc.Div({ pandoc.Para { formula } }, pandoc.Attr(e.label, classes, attributes))
    return e.block
end

local function parse(file)
    local doc = pandoc.read(prose_of(file), DIALECT)
    doc.blocks = read_sentences(file, doc.blocks)
    return doc
end

-- Turn a chunk into a block
-- Typeset the name of a chunk
function name_of(name)
    local out = pandoc.List()
    for words, code in (name .. "[[]]"):gmatch("(.-)%[%[(.-)%]%]") do
        if words ~= "" then out:insert(pandoc.Str(words)) end
        if code ~= "" then out:insert(pandoc.Code(code)) end
    end
    return out
end

-- Typeset a line of a chunk
local CLASS = { text = "", identifier = "identifier", use = "use" }

function line_of(tokens, volume)
    return pandoc.List(tokens):map(function(t)
        if t.kind == "text" then return code(t.text) end
        if t.kind == "identifier" then return identifier(t.text .. "\n" .. t.target) end
        return pandoc.Link(name_of(t.text), "#" .. t.target, "", pandoc.Attr("", { t.kind }, { number = chunk_number(volume, t.target) }))
    end)
end

code = kept(pandoc.Code)
identifier = kept(function(both)
    local text, target = both:match("^(.*)\n(.*)$")
    return pandoc.Link({ code(text) }, "#" .. target, "", pandoc.Attr("", { "identifier" }))
end)

-- List the notes of a chunk
-- The number of a chunk, as it is given in a volume; nil stands for any.
function chunk_number(volume, label)
    local c = book.by_label[label]
    local there = VOLUME[c.shelf]
    return (volume and there ~= volume and ROMAN[there] .. "·" or "") .. c.number
end

local function link_to(label, volume)
    return pandoc.Link(chunk_number(volume, label), "#" .. label, "", pandoc.Attr("", { "chunk-number" }))
end

local function links_to(labels, volume)
    local out, seen = pandoc.List(), {}
    for _, label in ipairs(labels) do
        if not seen[label] then
            if #out > 0 then out:extend { pandoc.Str ",", pandoc.Space() } end
            out:insert(link_to(label, volume))
        end
        seen[label] = true
    end
    return out
end

function notes_of(c)
    local notes = pandoc.List()
    local function note(title, inlines)
        if #inlines == 0 then return end
        if #notes > 0 then notes:extend { pandoc.Str ".", pandoc.Space() } end
        notes:extend { pandoc.Str(title), pandoc.Space() }
        notes:extend(inlines)
    end
    local volume = VOLUME[c.shelf]
    note("Used in", links_to(c.used_by, volume))
    note("Continued in", c.next and { link_to(c.next, volume) } or {})
    note("Continues", c.previous and { link_to(c.previous, volume) } or {})
    note("Defines", definitions_of(c))
    return notes
end

function definitions_of(c)
    local out = pandoc.List()
    for _, name in ipairs(c.defines) do
        if #out > 0 then out:extend { pandoc.Str ",", pandoc.Space() } end
        out:insert(pandoc.Code(name))
    end
    return out
end

function chunk_block(c)
    local head = name_of(c.name)
    head:insert(1, pandoc.Str "⟨")
    head:extend { pandoc.Str "⟩", pandoc.Str(c.previous and "+≡" or "≡") }
    local lines = pandoc.List(c.lines):map(function(tokens) return line_of(tokens, VOLUME[c.shelf]) end)
    return pandoc.Div({
        pandoc.Div({ pandoc.Plain(head) }, pandoc.Attr("", { "chunk-name" })),
        pandoc.LineBlock(lines),
        pandoc.Div({ pandoc.Plain(notes_of(c)) }, pandoc.Attr("", { "chunk-notes" })),
    }, pandoc.Attr(c.label, { "chunk" }, { { "number", tostring(c.number) }, { "name", c.name },
                                           { "volume", tostring(VOLUME[c.shelf]) },
                                           { "place", c.file .. ":" .. c.line }, c.language and { "language", c.language } }))
end

local function put_chunk(b)
    if b.format == "chunk" then return chunk_block(book.chunks[tonumber(b.text)]) end
end

local function spread_languages()
    local work, parts = {}, {}
    for _, c in ipairs(book.chunks) do
        parts[c.name] = parts[c.name] or {}
        table.insert(parts[c.name], c)
        local suffix = c.name:match("^%S+%.(%l+)$")
        if suffix then table.insert(work, { c.name, suffix }) end
    end
    -- Hand each language on
    while #work > 0 do
        local name, language = table.unpack(table.remove(work))
        for _, c in ipairs(parts[name] or {}) do
            if not c.language then
                c.language = language
                for _, line in ipairs(c.lines) do
                    for _, t in ipairs(line) do
                        if t.kind == "use" then table.insert(work, { t.text, language }) end
                    end
                end
            end
        end
    end
end

-- Put each section into its volume
function number_chunks()
    local n = 0
    for shelf = 1, #VOLUME do
        for _, c in ipairs(book.chunks) do
            if c.shelf == shelf then n = n + 1 c.number = n end
        end
        if shelf == 1 then book.first_volume = n end
    end
end

local function new_shelves() return pandoc.List(VOLUME):map(function() return pandoc.List() end) end

local function shelve(shelves, blocks)
    local below, part, chapter = {}, nil, nil
    for _, b in ipairs(blocks) do
        if b.t == "Header" then
            go_below(below, b.level, b.attributes.volume, b.classes:includes("unnumbered"))
            part = b.attributes.part or b.level > 1 and part or nil
            b.attributes.part = part
            if b.level == 1 then chapter = { header = b }
            else
                b.attributes.volume = nil
                -- Open the complement of a chapter
                if below.shelf == 3 then
                    if below[2] == 1 and b.level > 2 then b.level = 2 end
                    if not chapter.complement then
                        chapter.complement = pandoc.Header(1, chapter.header.content, pandoc.Attr(chapter.header.identifier .. "-machinery",
                            { "unnumbered" }, { { "volume", "2" }, { "to", chapter.header.identifier } }))
                        shelves[3]:insert(chapter.complement)
                    end
                end
            end
        end
        shelves[below.shelf or 1]:insert(b)
    end
end

local function in_a_row(shelves)
    local all = pandoc.List()
    for _, shelf in ipairs(shelves) do all:extend(shelf) end
    return all
end

-- Number everything
local numbers = {}          -- label → { number =, kind =, volume =, text = of a reference }
local count = { chapter = 0, exercise = 0, of = {} }
-- Number a header
function number_header(h)
    if h.level == 1 then start_chapter(h)
    elseif h.level == 2 and count.here.prefix then
        h.attributes.number = count_on("section")
    end
    if h.level < 3 then count.section = h.level == 2 and h.attributes.number end
    if h.identifier ~= "" then
        numbers[h.identifier] = { number = h.attributes.number, kind = h.level == 1 and "ch" or "sec",
                                  volume = count.volume, text = called(h) }
    end
    return h
end

function called(h)
    local title, n = pandoc.utils.stringify(h), h.attributes.number
    if n then return (h.level > 1 and "Section\u{a0}" or "Chapter\u{a0}") .. n end
    return h.level > 2 and count.section and ("“%s” in Section\u{a0}%s"):format(title, count.section) or title
end

function start_chapter(h)
    local to = h.attributes.to
    count.volume = tonumber(h.attributes.volume) or 1
    count.here = to and count.of[to] or { section = 0, eq = 0, fig = 0 }
    count.of[h.identifier] = count.here
    if to then name_complement(h, numbers[to].text) end
    if h.classes:includes("unnumbered") then return end
    count.chapter = count.chapter + 1
    h.attributes.number = tostring(count.chapter)
    count.here.prefix = h.attributes.number .. "."
end

function count_on(kind)
    count.here[kind] = count.here[kind] + 1
    return (count.here.prefix or "") .. count.here[kind]
end

function name_complement(h, chapter)
    local title = pandoc.List { pandoc.Str("To " .. chapter) }
    if not chapter:match("^Chapter") then h.content = title return end
    title:extend { pandoc.Str ":", pandoc.Space() }
    title:extend(h.content)
    h.content = title
end

-- Number an equation or an exercise
function number_div(d)
    if d.classes:includes("equation") then
        d.attributes.number = count_on("eq")
        numbers[d.identifier] = { number = d.attributes.number, kind = "eq", volume = count.volume,
                                  text = "(" .. d.attributes.number .. ")" }
    elseif d.classes:includes("exercise") then
        count.exercise = count.exercise + 1
        d.attributes.number = tostring(count.exercise)
        numbers[d.identifier] = { number = d.attributes.number, kind = "ex", volume = count.volume,
                                  text = "Exercise\u{a0}" .. count.exercise }
    end
    return d
end

-- Number a figure
function number_figure(b)
    local inside = b.t == "Figure" and #b.content == 1 and b.content[1] or b
    local content = inside.content
    local image = content and #content == 1 and content[1]
    if not image or image.t ~= "Image" then return end
    local label = b.t == "Figure" and b.identifier or image.identifier
    image.attributes.number = count_on("fig")
    numbers[label] = { number = image.attributes.number, kind = "fig", volume = count.volume,
                       text = "Figure\u{a0}" .. image.attributes.number }
    return b
end
local function number_everything(blocks)
    return pandoc.walk_block(pandoc.Div(blocks), {
        traverse = "topdown",
        Header = number_header, Div = number_div, Para = number_figure, Figure = number_figure,
    }).content
end

-- Resolve the references
local function reference(citation, volume)
    local target = numbers[citation.id]
    if not target then
        complain(cited[citation.id] or "somewhere", "there is no @%s", citation.id)
        return pandoc.Str("??")
    end
    local class = { "reference", target.kind }
    local text = target.text .. (target.volume == volume and "" or " of Volume\u{a0}" .. ROMAN[target.volume])
    return pandoc.Link(text, "#" .. citation.id, "", pandoc.Attr("", class))
end

local function resolve(cite, volume)
    if not cite.citations[1].id:find(":") then return end
    local out = pandoc.List()
    for i, c in ipairs(cite.citations) do
        if i > 1 then out:extend { pandoc.Str ",", pandoc.Space() } end
        out:extend(c.prefix)
        if #c.prefix > 0 then out:insert(pandoc.Space()) end
        out:insert(reference(c, volume))
        out:extend(c.suffix)
    end
    return out
end

local function resolve_all(blocks)
    local volume = 1
    local filter = { Cite = function(c) return resolve(c, volume) end, Emph = find_word, RawBlock = put_chunk }
    return pandoc.List(blocks):map(function(b)
        if b.t == "RawBlock" then return put_chunk(b) or b end
        if b.t == "Header" and b.level == 1 then volume = tonumber(b.attributes.volume) or 1 end
        return pandoc.walk_block(pandoc.Div { b }, filter).content[1]
    end)
end

-- Make the indexes
local function index_entry(e, name)
    local line = pandoc.List(name)
    line:extend { pandoc.Str ":", pandoc.Space(), pandoc.Strong(links_to(e.defined)) }
    if #e.used > 0 then
        line:extend { pandoc.Str ";", pandoc.Space() }
        line:extend(links_to(e.used))
    end
    return pandoc.Plain(line)
end

local function index(title, id, list, typeset, preface)
    local lines = pandoc.List()
    for _, e in ipairs(list) do lines:insert(index_entry(e, typeset(e.name))) end
    return {
        pandoc.Header(1, title, pandoc.Attr(id, { "unnumbered" }, { volume = "2" })),
        pandoc.Para(preface),
        pandoc.Div({ pandoc.LineBlock(lines:map(function(p) return p.content end)) },
                   pandoc.Attr("", { "index" })),
    }
end

subjects = {}           -- a word → the line of the index that asks for it
first = {}              -- a word → the label of the first place that explains it
function find_word(e)
    local word = pandoc.utils.stringify(e):lower()
    if first[word] or not subjects[word] then return end
    first[word] = "term:" .. word:gsub("[^%w]+", "-")
    return pandoc.Span({ e }, pandoc.Attr(first[word]))
end

local function with_subjects(blocks)
    for word, place in pairs(subjects) do
        if not first[word] then complain(place, "nothing explains *%s*", word) end
    end
    return blocks:map(function(b)
        if not b.classes or not b.classes:includes("subjects") then return b end
        return pandoc.walk_block(b, { LineBlock = link_subjects })
    end)
end

function link_subjects(lines)
    return pandoc.LineBlock(pandoc.List(lines.content):map(function(line)
        local label = first[pandoc.utils.stringify(line):lower()]
        if not label then return line end
        return { pandoc.Link(line, "#" .. label) }
    end))
end

local function note_subjects()
    for _, file in ipairs(book.files) do
        local inside
        for _, l in ipairs(file.prose) do
            if l.text:match("^::: ") then inside = l.text:match("^::: subjects") end
            local word = inside and not l.text:match("@") and l.text:match("^| (.+)$")
            if word then subjects[word:lower()] = file.name .. ":" .. l.line end
        end
    end
end

local function indexes()
    local out = pandoc.List()
    local volumes = (" Numbers up to %d stand in Volume I."):format(book.first_volume)
    out:extend(index("Index of Chunks", "ch:chunks", book.names, function(name)
        local n = name_of(name)
        n:insert(1, pandoc.Str "⟨")
        n:insert(pandoc.Str "⟩")
        return n
    end, "Bold numbers are where a chunk is defined, the others where it is used." .. volumes))
    out:extend(index("Index of Identifiers", "ch:identifiers", book.identifiers, function(name)
        return { pandoc.Code(name) }
    end, "Bold numbers are the chunks that define an identifier, the others those that use it." .. volumes))
    return out
end

-- Write the tables
local function keeps(path, text)
    local file = io.open(path)
    local old = file and file:read("a")
    if file then file:close() end
    return old == text
end

local function write_table(name, head, rows)
    local lines = pandoc.List { head, table.unpack(rows) }
        :map(function(row) return table.concat(row, "\t") .. "\n" end)
    local path, text = build .. "/" .. name, table.concat(lines)
    if keeps(path, text) then return end
    local file = assert(io.open(path, "w"))
    assert(file:write(text))
    assert(file:close())
end

-- Displays and claims, as they stand in the book.
local function in_order()
    local all, place = pandoc.List(), {}
    for i, file in ipairs(book.files) do place[file.name] = i end
    all:extend(equations)
    all:extend(claims)
    for i, e in ipairs(all) do e.key = (place[e.file] * 1e6 + e.line) * 1e4 + (e.order or 0) + i / 1e4 end
    all:sort(function(a, b) return a.key < b.key end)
    return all
end

local function write_equations()
    write_table("equations.tsv", { "label", "file", "line", "classes", "attributes", "latex" },
        in_order():map(function(e)
            local attributes = pandoc.List(e.attributes):map(function(a)
                return a[1] .. '="' .. a[2] .. '"'
            end)
            return { e.label, e.file, e.line, table.concat(e.classes, " "),
                     table.concat(attributes, " "), e.latex }
        end))
end

local function write_sentences()
    local place = {}
    for i, file in ipairs(book.files) do place[file.name] = i end
    table.sort(formulas, function(a, b)
        if a.file ~= b.file then return place[a.file] < place[b.file] end
        return a.order < b.order
    end)
    write_table("formulas.tsv", { "file", "line", "kind", "label", "latex", "note", "theory" }, pandoc.List(formulas):map(function(f)
        return { f.file, f.line, f.kind, f.label or "-", f.latex, f.note, f.theory }
    end))
    write_table("numbers.tsv", { "place", "kind", "text", "known", "verdict" }, numerals)
end

local function write_labels()
    local rows = pandoc.List()
    for label, n in pairs(numbers) do rows:insert { label, n.kind, n.number or "", n.volume } end
    rows:sort(function(a, b) return a[1] < b[1] end)
    write_table("labels.tsv", { "label", "kind", "number", "volume" }, rows)
    write_table("chunks.tsv", { "number", "label", "place", "name", "volume" },
        pandoc.List(book.chunks):map(function(c)
            return { c.number, c.label, c.file .. ":" .. c.line, c.name, VOLUME[c.shelf] }
        end))
end

-- Weave the book
function Reader(sources)
    local shelves, meta = new_shelves(), nil
    read_stream(tostring(sources))
    number_chunks()
    spread_languages()
    for _, file in ipairs(book.files) do
        local doc = parse(file)
        meta = meta or doc.meta
        shelve(shelves, doc.blocks)
    end
    shelves[#shelves]:extend(indexes())
    note_subjects()
    local blocks = with_subjects(resolve_all(number_everything(in_a_row(shelves))))
    stop_if_there_were_complaints()
    write_equations()
    write_sentences()
    write_labels()
    return pandoc.Pandoc(blocks, meta)
end
