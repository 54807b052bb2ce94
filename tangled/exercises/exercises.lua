-- generated from chapters/37-extraction.nw by noweb; do not edit
-- pandoc -f json -t json --lua-filter exercises.lua -M edition=… -M out=… book.json
local stringify = pandoc.utils.stringify
local list, by_id, equations, number_of, chunks, labels = {}, {}, {}, {}, {}, {}
local theory_of = {}                    -- of the equations that are not about the plain network
local edition, out = "book", nil
local planted_in
-- Complain about an exercise
local mistakes, said = 0, {}
local function complain(x, text, ...)
    local line = ("exercises: %s: %s\n"):format(x.name or "?", text:format(...))
    if said[line] then return end
    said[line], mistakes = true, mistakes + 1
    io.stderr:write(line)
end

-- Find equations and chunks
local function formula_of(div)
    local text
    pandoc.walk_block(div, { Math = function(m) text = text or m.text end })
    return (text or ""):gsub("%s+", " ")
end

-- Where a chunk stands: rnn.nw comes first, then the chapters by their names.
local function place_of(d)
    local file, line = (d.attributes.place or ":0"):match "^(.*):(%d+)$"
    return (file:match "^chapters/" and "2" or "1") .. file .. (":%09d"):format(tonumber(line))
end

local function stands_before(a, b) return place_of(a) < place_of(b) end

local function find_things(doc)
    doc:walk { Div = function(d)
        if d.classes:includes "equation" then
            equations[d.identifier], number_of[d.identifier] = formula_of(d), d.attributes.number
            theory_of[d.identifier] = d.attributes.theory
        end
        if d.classes:includes "chunk" then
            local name = d.attributes.name
            chunks[name] = chunks[name] or pandoc.List()
            chunks[name]:insert(d)
            labels[d.identifier] = name
        end
    end }
    for _, parts in pairs(chunks) do table.sort(parts, stands_before) end
end

-- Split an equation at its equals signs
local function members_of(latex)
    local plain = latex:gsub("\\begin{%a+}", ""):gsub("\\end{%a+}", ""):gsub("\\\\", " ")
    plain = plain:gsub("([^\\])&", "%1 "):gsub("\\coloneqq%s*", "= ")
    local out, depth, from = {}, 0, 1
    for at = 1, #plain do
        local c = plain:sub(at, at)
        if c:match "[{(]" then depth = depth + 1 elseif c:match "[})]" then depth = depth - 1 end
        if c == "=" and depth == 0 then table.insert(out, plain:sub(from, at - 1)) from = at + 1 end
    end
    table.insert(out, plain:sub(from))
    for i, s in ipairs(out) do out[i] = s:gsub("%s+", " "):match "^ ?(.-) ?$" end
    return out
end

local function split(latex)
    local members = members_of(latex)
    local last, condition = members[#members]:match "^(.-),?%s*(\\q?quad.*)$"
    return members[1], last or members[#members], condition or ""
end

-- Expand a chunk
-- The pieces of a line: { text = … } or { use = … }.
local function pieces_of(line)
    local pieces = {}
    for _, x in ipairs(line) do
        if x.t == "Link" and x.classes:includes "use" then
            table.insert(pieces, { use = labels[x.target:sub(2)] })
        else
            table.insert(pieces, { text = x.t == "Code" and x.text or stringify(x) })
        end
    end
    return pieces
end

-- Calls f with the pieces of each line of a chunk.
local function each_line(name, f)
    for _, d in ipairs(chunks[name]) do
        for _, b in ipairs(d.content) do
            if b.t == "LineBlock" then
                for _, line in ipairs(b.content) do f(pieces_of(line)) end
            end
        end
    end
end

local expand

local function insert_use(lines, before, use, blanks)
    local indent = (lines[#lines] or ""):gsub("[^\t]", " ")
    if before:match "^%s*$" then lines[#lines] = before .. "/* " .. use .. " */" end
    local inner = {}
    if not blanks[use] then expand(use, blanks, inner) end
    for line in (blanks[use] or ""):gmatch "[^\n]+" do table.insert(inner, line) end
    for i, line in ipairs(inner) do
        if i == 1 and not before:match "^%s*$" then lines[#lines] = lines[#lines] .. line
        else table.insert(lines, line == "" and "" or indent .. line) end
    end
end

function expand(name, blanks, lines)
    if not chunks[name] then error("there is no chunk " .. name) end
    each_line(name, function(pieces)
        table.insert(lines, "")
        for _, piece in ipairs(pieces) do
            if piece.use then insert_use(lines, lines[#lines], piece.use, blanks)
            else lines[#lines] = lines[#lines] .. piece.text end
        end
    end)
    return lines
end

-- Find exercises and number them
local function part_of(div, class)
    local found
    div.content = div.content:filter(function(b)
        if b.t ~= "Div" or not b.classes:includes(class) then return true end
        found = b
        return false
    end)
    return found
end

local function find_exercises(doc)
    local chapter
    local function head(h) if h.level == 1 then chapter = stringify(h) end end
    doc:walk { traverse = "topdown", Header = head, Div = function(d)
        if not d.classes:includes "exercise" then return end
        local a = d.attributes
        local x = { id = d.identifier, name = d.identifier:gsub("^ex:", ""), number = #list + 1,
                    kind = a.kind, title = a.title, level = a.level, minutes = a.minutes,
                    points = a.points, chapter = chapter, theory = theory_of[a.of or ""], a = a }
        local copy = d:clone()
        x.hints, x.remark, x.solution =
            part_of(copy, "hints"), part_of(copy, "remark"), part_of(copy, "solution")
        x.text = copy.content
        table.insert(list, x)
        by_id[x.id] = x
        -- Check what was said of the exercise
        for _, field in ipairs { "kind", "title", "level", "minutes", "points" } do
            if not a[field] then complain(x, "%s is missing", field) end
        end
        if not ("practice recommended stretch"):find(a.level or "?", 1, true) then
            complain(x, "the level is “%s”", a.level)
        end
        for label in ((a.of or "") .. " " .. (a.hides or "")):gmatch "%S+" do
            if not equations[label] then complain(x, "there is no equation %s", label) end
        end
        if x.kind == "code" and not (chunks[a.chunk] and chunks[a.within]) then
            complain(x, "there is no chunk “%s” or “%s”", a.chunk, a.within)
        end
    end }
end

-- Find the solution of an exercise
local function own_equation(x)
    local found
    if x.solution then
        x.solution:walk { Div = function(d)
            if d.classes:includes "equation" then found = found or d.identifier end
        end }
    end
    return found
end

local shapes_file

local function latex_of(shape)
    return (shape:gsub("×", "\\times "):gsub("τ", "\\tau "))
end

local function shapes_of(x)
    local items = pandoc.List()
    if not shapes_file then return items end
    for line in io.lines(shapes_file) do
        local name, expression, shape = line:match "^(.-)\t(.-)\t(.*)$"
        if name == x.name then
            items:insert(pandoc.Plain { pandoc.Math("InlineMath", expression), pandoc.Str ":",
                pandoc.Space(), pandoc.Math("InlineMath", latex_of(shape)) })
        end
    end
    return items
end

local function solve(x)
    if x.kind == "derivation" then
        local latex = equations[own_equation(x) or x.a.of]
        if not latex then return complain(x, "there is no equation to derive") end
        x.question, x.answer, x.condition = split(latex)
        x.question = x.a.lhs or x.question
    elseif x.kind == "code" and chunks[x.a.chunk] then
        x.answer = table.concat(expand(x.a.chunk, {}, {}), "\n")
    elseif x.kind == "shape" then
        x.answer, x.shapes = "", shapes_of(x)
    end
end

-- Say what is blank
local function bare(latex)
    return (latex:gsub("[%s{}]", ""):gsub("\\left", ""):gsub("\\right", ""))
end

local function blanks_of_code()
    local blanks = {}
    for _, x in ipairs(list) do
        if x.kind == "code" then
            blanks[x.a.chunk] = ("/* Exercise %d. Your code goes here. */"):format(x.number)
        end
    end
    return blanks
end

-- Solutions without spaces and braces, with the number of their exercise.
local function secrets_by_number()
    local secrets = {}
    for _, x in ipairs(list) do
        local secret = bare(x.kind == "derivation" and x.answer or "")
        if #secret > 8 then secrets[secret] = x.number end
    end
    return secrets
end
local function hidden_equations()
    local hidden, solutions = {}, secrets_by_number()
    for _, x in ipairs(list) do
        if x.kind == "derivation" and x.a.of then hidden[x.a.of] = x.number end
        for label in (x.a.hides or ""):gmatch "%S+" do hidden[label] = x.number end
    end
    for label, latex in pairs(equations) do
        for _, member in ipairs(members_of(latex)) do
            hidden[label] = hidden[label] or solutions[bare(member)]
        end
    end
    return hidden
end

-- Write files
local function write(path, text)
    local f = assert(io.open(out .. "/" .. path, "w"))
    f:write(text)
    f:close()
end

-- Prose as plain text, with formulas as LaTeX.
local function plain(blocks)
    local doc = pandoc.Pandoc(blocks):walk {
        Math = function(m) return pandoc.Str("$" .. m.text .. "$") end,
        Code = function(c) return pandoc.Str(c.text) end,
        Link = function(l) return l.content end,
    }
    return (pandoc.write(doc, "plain"):gsub("%s+$", ""))
end

local function heading(x)
    local points = x.points == "1" and "1 point" or x.points .. " points"
    return ("Exercise %d. %s (%s, %s minutes, %s)"):format(x.number, x.title, x.level, x.minutes,
                                                           points)
end

local function comment(text, mark)
    local out = text:gsub("[^\n]*", function(line) return mark .. " " .. line end)
    return (out:gsub(" +\n", "\n"))
end

local function file_name(x)
    return ("%02d-%s"):format(x.number, x.name)
end

-- Write one exercise for the student
local ASK = {
    derivation = "Write the right side in LaTeX after the equals sign; it may take several lines.",
    shape = "Write the shape after each colon, with its times: n_t x n_{t-1}.",
}

local function text_for_student(x)
    local text = heading(x) .. "\n\n" .. plain(x.text)
    if ASK[x.kind] then text = text .. "\n\n" .. ASK[x.kind] end
    if x.a.use then text = text .. "\nYou may use: " .. x.a.use end
    return text
end

local function formula_file(x)
    local lines = { comment(text_for_student(x), "%"), "" }
    if x.kind == "derivation" then
        table.insert(lines, x.question .. " =")
        if x.condition ~= "" then
            table.insert(lines, 2, "% " .. x.condition:gsub("\\q?quad", "for"))
        end
    else
        for expression in (x.a.ask .. ";"):gmatch "%s*(.-)%s*;" do
            table.insert(lines, expression .. " :")
        end
    end
    return table.concat(lines, "\n") .. "\n"
end

local function code_file(x, blank)
    local text = text_for_student(x):gsub("%*/", "* /"):gsub("\n", "\n * "):gsub(" +\n", "\n")
    local lines = { "/* " .. text, " */", "#include <math.h>", "#include <stdlib.h>",
                    "#include <string.h>", "#include <tgmath.h>" }
    for header in (x.a.include or ""):gmatch "[^%s,]+" do
        table.insert(lines, '#include "' .. header .. '"')
    end
    table.insert(lines, "")
    local blanks = { [x.a.chunk] = blank or ("/* Your code goes here. */") }
    for name in (x.a.leaves or ""):gmatch "[^;]+" do blanks[name] = "" end
    expand(x.a.within, blanks, lines)
    return table.concat(lines, "\n") .. "\n"
end

-- Write what the keymaker needs
local COLUMNS = { "number", "name", "kind", "title", "level", "minutes", "points", "of", "question",
                  "answer", "condition", "use", "ask", "driver", "circles", "without",
                  "chapter", "theory" }

local function row(x)
    local fields = {}
    for i, column in ipairs(COLUMNS) do
        local value = x[column] or x.a[column] or ""
        if column == "answer" and x.kind == "code" then value = "" end
        fields[i] = tostring(value):gsub("%s+", " ")
    end
    return table.concat(fields, "\t")
end

local function trim(s) return s:match "^%s*(.-)%s*$" end

-- The lines of a piece of a chunk, straight from the source, since they contain tabs.
local function source_lines(d)
    local path, first = d.attributes.place:match "^(.*):(%d+)$"
    local lines, n = {}, 0
    for line in io.lines(path) do
        n = n + 1
        if n > tonumber(first) and (line == "@" or line:match "^@ ") then break end
        if n > tonumber(first) then table.insert(lines, (line:gsub("@([<>][<>])", "%1"))) end
    end
    return lines
end

local function fields_of(line, separator)
    local fields, from = {}, 1
    while true do
        local at, to = line:find(separator, from, true)
        table.insert(fields, trim(line:sub(from, (at or 0) - 1)))
        if not at then return fields end
        from = to + 1
    end
end

-- The rows of a chunk that is a table, and of the chunks that it uses.
local rows_of

function rows_of(name, separator)
    local rows = {}
    for _, d in ipairs(chunks[name] or {}) do
        for _, line in ipairs(source_lines(d)) do
            local fields, use = fields_of(line, separator or "\t"), line:match "^<<(.*)>>$"
            if use then for _, r in ipairs(rows_of(use, separator)) do table.insert(rows, r) end
            elseif #fields > 2 and not line:match "^#" then table.insert(rows, fields) end
        end
    end
    return rows
end

local function replace_line(x, right, wrong)
    local lines, found = {}, false
    for line in (x.answer .. "\n"):gmatch "(.-)\n" do
        if not found and trim(line) == trim(right) then
            line, found = line:match "^%s*" .. wrong, true
        end
        table.insert(lines, line)
    end
    return found and table.concat(lines, "\n") or nil
end

local DAMAGE = {
    { "%+=", "=", "an assignment where an addition belongs" },
    { "^([^=(]-[^+%-*/=<>!(])= ", "%1+= ", "an addition where an assignment belongs" },
    { "%-=", "+=", "a sign" }, { "%+=", "-=", "a sign" },
    { " %- ", " + ", "a sign" }, { " %+ ", " - ", "a sign" },
    { "= 0;", "= 1;", "a loop that starts late" }, { " < ", " <= ", "a loop that ends late" },
    { " > 0", " > 1", "a loop that ends early" },
    { " / ", " * ", "a product where a division belongs" },
    { " %* [%w_>%-]+%[[^%]]*%]", "", "a factor lost" },
    { " %+ 1%)", ")", "an index one too small" },
    { "^.*;$", ";", "something that is missing, or has no effect" },
}

local function about(line)
    local name = line:match "^for %(.-; .-; .-%) *([%w_]+)"
    if not name and line:match "^for" then return "the loop" end
    name = name or line:match "^if %b() ([%w_]+)"
    if not name and line:match "^if" then return "the condition" end
    name = name or line:match "^[%w_ ]-([%w_]+)[%[%->%.%w_ %*%+%]]* [%+%-%*/]?= "
    return "“" .. (name or line:match "^([%w_]+)%(" or line:match "[%w_]+" or "it") .. "”"
end

local function damaged(x)
    local out = {}
    for line in x.answer:gmatch "[^\n]+" do
        local text = trim(line)
        for _, d in ipairs(DAMAGE) do
            local wrong, n = text:gsub(d[1], d[2], 1)
            local spared = text:match "^/%*" or text:match "^%a[%w_ *]* [%w_*]+;$"
            if n > 0 and wrong ~= text and not spared then
                local place = d[3]:match "loop" and "" or ", in the line about " .. about(text)
                table.insert(out, { text, wrong, d[3] .. place })
            end
        end
    end
    return out
end

local function wrong_versions(x)
    local versions = {}
    local function add(right, wrong, diagnosis, number)
        local text = replace_line(x, right, wrong)
        if text then table.insert(versions, { text, diagnosis, number }) end
        return text
    end
    for _, r in ipairs(rows_of "Wrong code") do
        if r[1] == x.id and not add(r[2], r[3], r[4], r[5]) then
            complain(x, "a mistake is listed for the line “%s”, which the solution does not have",
                     r[2])
        end
    end
    -- Add the patches of the misconceptions
    for _, r in ipairs(rows_of("patches.txt", " | ")) do
        if #r == 6 then add(r[4], r[5], r[6], r[1]) end
    end
    for _, d in ipairs(damaged(x)) do add(d[1], d[2], d[3], "-1") end
    return versions
end

-- The code that is handed out with a mistake in it, or nil.
function planted_in(x)
    for _, r in ipairs(x.a.planted and rows_of "Wrong code" or {}) do
        if r[1] == x.id then return replace_line(x, r[2], r[3]) end
    end
end

local function write_versions(x, variants)
    local name = file_name(x)
    write("code/" .. name .. "-blank.c", code_file(x, planted_in(x)))
    write("code/" .. name .. "-right.c", code_file(x, x.answer))
    for i, v in ipairs(wrong_versions(x)) do
        local file = ("%s-w%02d"):format(name, i)
        write("code/" .. file .. ".c", code_file(x, v[1]))
        local number = (v[3] or "0"):gsub("^%-$", "0")
        table.insert(variants, table.concat({ x.name, file, number, v[2] }, "\t"))
    end
end

-- Write the sources of the kit
local written, blanks

local function write_source(name)
    if written[name] or not chunks[name] then return end
    written[name] = true
    local text = table.concat(expand(name, blanks, {}), "\n") .. "\n"
    write("kit/checker/" .. name, text)
    for header in text:gmatch '#include "([^"]+)"' do
        write_source(header)
        write_source((header:gsub("%.h$", ".c")))
    end
end

local function functions_of(module)
    local names = pandoc.List()
    local text = "\n" .. table.concat(expand(module, blanks, {}), "\n")
    for kind, name in text:gmatch "\n([%a_][%w_ %*]-)([%a_][%w_]*)%b()\n{" do
        if not kind:match "static" then names:insert(name) end
    end
    return names
end

-- Writes which modules answers and which the grader is made of, each file compiled once for either.
local function write_parts(called, graded)
    local function object(file) return (file:gsub("%.c$", ".o")) end
    local function objects(files) return table.concat(files:map(object), " ") end
    local weak, seen = pandoc.List(), {}
    for _, module in ipairs(called) do
        for _, name in ipairs(functions_of(module)) do
            if not seen[name] then seen[name] = true weak:insert("#pragma weak " .. name) end
        end
    end
    write("kit/checker/weak.h", table.concat(weak, "\n") .. "\n")
    local lists = ("CALLED := %s\nGRADED := %s\n"):format(objects(called), objects(graded))
    write("kit/checker/parts.mk", lists)
end
local function modules()
    local names = pandoc.List()
    for name in pairs(written) do
        local apart = name:match "^ex%-" or name == "exercise.c" or name == "stand-ins.c"
        if name:match "%.c$" and not apart then names:insert(name) end
    end
    names:sort()
    return names
end

local function write_kit()
    written, blanks = {}, blanks_of_code()
    for _, name in ipairs { "exercise.c", "stand-ins.c" } do write_source(name) end
    for _, x in ipairs(list) do
        if x.kind == "code" then
            local driver = x.a.driver or ""
            if not chunks[driver] then complain(x, "there is no driver %s", driver) end
            write_source(x.a.driver)
            for header in (x.a.include or ""):gmatch "[^%s,]+" do
                write_source(header)
                write_source((header:gsub("%.h$", ".c")))
            end
        end
    end
    local called, files = modules(), pandoc.List { "weak.h" }
    called:insert(1, "stand-ins.c")
    for name in pairs(written) do files:insert(name) end
    files:sort()
    write("called.txt", table.concat(files, "\n") .. "\n")
    written = {}
    write_source "grade.c"
    write_parts(called, modules())
end

local function write_hints(x)
    local text = {}
    if x.hints then
        x.hints:walk { OrderedList = function(l)
            for _, item in ipairs(l.content) do
                table.insert(text, (plain(item):gsub("%s+", " ")))
            end
        end }
    end
    local ending = #text > 0 and "\n" or ""
    write("kit/hints/" .. file_name(x) .. ".txt", table.concat(text, "\n") .. ending)
end

local function write_envelope(x)
    local text = ""
    if x.kind == "derivation" and x.answer then
        text = x.question .. " = " .. x.answer .. " " .. x.condition .. "\n"
    elseif x.kind == "code" and x.answer then text = x.answer .. "\n" end
    if x.a.of then text = text .. "(It stands in the book as " .. x.a.of .. ".)\n" end
    if x.remark then text = text .. "\n" .. plain(x.remark.content) .. "\n" end
    write("envelopes/" .. file_name(x) .. ".txt", text)
end

local function write_everything()
    local rows, variants = { table.concat(COLUMNS, "\t") }, {}
    for _, x in ipairs(list) do
        table.insert(rows, row(x))
        write_hints(x)
        write_envelope(x)
        if x.kind == "code" then write_versions(x, variants)
        else write("kit/blank/" .. file_name(x) .. ".txt", formula_file(x)) end
    end
    write("list.tsv", table.concat(rows, "\n") .. "\n")
    write("variants.tsv", table.concat(variants, "\n") .. "\n")
    -- Write the tables of wrong formulas and of equations
    local formulas = {}
    for _, r in ipairs(rows_of "Wrong formulas") do
        if not by_id[r[1]] then complain({ name = r[1] }, "a wrong formula for no exercise") end
        local name, number = r[1]:gsub("^ex:", ""), (r[4] or "0"):gsub("^%-$", "0")
        table.insert(formulas, table.concat({ name, r[2], number, r[3] }, "\t"))
    end
    write("wrong-formulas.tsv", table.concat(formulas, "\n") .. "\n")
    write_kit()
end

-- Show the solution of an exercise
local function shape_list(x)
    return { pandoc.BulletList(x.shapes:map(function(s) return { s } end)) }
end
local function solution_of(x)
    if x.solution then return x.solution.content
    elseif x.kind == "code" then return { pandoc.CodeBlock(x.answer or "") }
    elseif x.kind == "shape" then return shape_list(x) end
    local latex = x.question .. " = " .. x.answer .. " " .. x.condition
    return { pandoc.Para { pandoc.Math("DisplayMath", latex) } }
end

-- Lead to the chunk of an answer
local FEW = 9
local function link_to(target, before, text, class)
    local link = pandoc.Link(text, "#" .. target, "", pandoc.Attr("", class or {}))
    return { pandoc.Para { pandoc.Str(before), pandoc.Space(), link, pandoc.Str "." } }
end
local function chunk_answer(x)
    local chunk, blocks = chunks[x.a.chunk][1], pandoc.List()
    local away = chunk.attributes.volume == "2"
    local text = "chunk\u{a0}" .. chunk.attributes.number .. (away and " of Volume\u{a0}II" or "")
    blocks:extend(link_to(chunk.identifier, "This is ⟨" .. x.a.chunk .. "⟩,", text, { "reference", "chunk-place" }))
    local _, breaks = x.answer:gsub("\n", "")
    if away and breaks < FEW then blocks:insert(pandoc.CodeBlock(x.answer)) end
    return blocks
end
local function answer_of(x)
    local blocks = pandoc.List()
    if x.solution then blocks:extend(x.solution.content)
    elseif x.kind == "shape" then blocks:extend(shape_list(x))
    elseif x.kind == "code" then blocks:extend(chunk_answer(x))
    else blocks:extend(link_to(x.a.of, "This is", "(" .. number_of[x.a.of] .. ")")) end
    if x.remark then blocks:extend(x.remark.content) end
    return blocks
end

-- Put blanks into the book
local function box(width)
    return ("\\fbox{\\rule{0pt}{%s}\\hspace{%dem}}"):format(width > 9 and "1.4em" or "0.9em", width)
end
local function holds_secret(latex, secrets)
    for secret in pairs(secrets) do
        if bare(latex):find(secret, 1, true) then return true end
    end
end
local function blank_equation(d, number, secrets)
    local question, _, condition = split(equations[d.identifier])
    if holds_secret(question, secrets) then question = box(9) end
    local copy = d:walk { Math = function(m)
        m.text = question .. " = \\;" .. box(14) .. "\\;" .. condition
        return m
    end }
    copy.classes:insert "blank"
    copy.attributes.mark = "Exercise " .. number
    return copy
end

local function blank_formula(m, secrets)
    if not holds_secret(m.text, secrets) then return end
    local members, _, last, condition = members_of(m.text), split(m.text)
    members[#members] = last
    for i, latex in ipairs(members) do
        if holds_secret(latex, secrets) then members[i] = box(6) end
    end
    m.text = table.concat(members, " = ") .. condition
    return m
end

local RULE = pandoc.RawInline("latex", "\\ruledline ")

local function blank_chunk(d, number)
    return d:walk { LineBlock = function(b)
        local lines = { { pandoc.Code(("/* Exercise %d */"):format(number)) } }
        for _ = 1, math.min(#b.content + 2, 16) do table.insert(lines, { RULE }) end
        return pandoc.LineBlock(lines)
    end }
end

local function with_blanks(blocks)
    local hidden, code, secrets = hidden_equations(), {}, secrets_by_number()
    for _, x in ipairs(list) do
        if x.kind == "code" then code[x.a.chunk] = x.number end
    end
    local function div(d)
        local equation, chunk = hidden[d.identifier], code[d.attributes.name]
        if d.classes:includes "equation" and equation then
            return blank_equation(d, equation, secrets)
        elseif d.classes:includes "chunk" and chunk then return blank_chunk(d, chunk) end
    end
    local function math(m) return blank_formula(m, secrets) end
    return pandoc.Div(blocks):walk({ Math = math, Div = div }).content
end

local present       -- the labels of all that the student's edition keeps
local LINES = { shape = 0, derivation = 5, code = 8 }

local function room_for(x)
    if x.kind == "code" and present[chunks[x.a.chunk][1].identifier] then return {} end
    if LINES[x.kind] == 0 then return {} end
    local before = "\\par\\nopagebreak\\noindent\\begin{minipage}{\\linewidth}"
    local after = "\\end{minipage}\\par\\medskip"
    return { pandoc.RawBlock("latex", before .. ("\\roomline "):rep(LINES[x.kind]) .. after) }
end

-- Set the exercises in print
local KEEP = pandoc.RawBlock("latex", "\\nopagebreak")

local function titled(title, blocks)
    local out = pandoc.List { pandoc.Para { pandoc.Emph { pandoc.Str(title) } }, KEEP }
    out:extend(blocks)
    return out
end

local function for_the_teacher(x)
    local blocks = pandoc.List()
    if x.hints then blocks:extend(titled("Hints.", x.hints.content)) end
    blocks:extend(titled("Solution.", solution_of(x)))
    if x.remark then blocks:extend(titled("Remark.", x.remark.content)) end
    return blocks
end

local function chapter_of(title, label, part)
    local attr = pandoc.Attr(label, { "unnumbered" })
    local blocks = pandoc.List { pandoc.Header(1, { pandoc.Str(title) }, attr) }
    for _, x in ipairs(list) do
        local inner = part(x)
        if inner and #inner > 0 then
            local name = pandoc.Link("Exercise " .. x.number .. ".", "#" .. x.id)
            local title_of = pandoc.Emph { pandoc.Str(x.title) }
            blocks:insert(pandoc.Para { pandoc.Strong { name }, pandoc.Space(), title_of })
            blocks:insert(KEEP)
            blocks:extend(inner)
        end
    end
    return blocks
end
local function hints_chapter()
    return chapter_of("Hints", "ch:hints", function(x) return x.hints and x.hints.content end)
end

local function formulas(text, separator)
    local out = pandoc.List()
    for latex in (text .. separator):gmatch("%s*(.-)%s*" .. separator) do
        out:insert(pandoc.Math("InlineMath", latex))
    end
    return out
end
local function asked(x)
    local tall = edition == "student" and ":\\enspace\\rule{0pt}{1.7em}\\hrulefill"
                 or "\\rule[-0.7em]{0pt}{1.9em}"
    return formulas(x.a.ask, ";"):map(function(m)
        return { pandoc.Plain { m, pandoc.RawInline("latex", tall) } }
    end)
end

local function left_side(x)
    local condition = x.condition ~= "" and " " .. x.condition or ""
    local m = pandoc.Math("InlineMath", x.question .. " = \\;\\ldots" .. condition)
    return edition == "student" and blank_formula(m, secrets_by_number()) or m
end
local function given(x)
    if x.kind == "shape" then return { pandoc.BulletList(asked(x)) } end
    if not x.a.use then return {} end
    local line = pandoc.List()
    if x.kind == "derivation" then
        line:extend { pandoc.Str "Wanted:", pandoc.Space(), left_side(x) }
        line:extend { pandoc.Str ";", pandoc.Space() }
    end
    line:insert(pandoc.Str(x.kind == "derivation" and "you may use" or "You may use"))
    for i, m in ipairs(formulas(x.a.use, ",")) do
        line:extend { i > 1 and pandoc.Str "," or pandoc.Str "", pandoc.Space(), m }
    end
    line:insert(pandoc.Str ".")
    return { pandoc.Para(line) }
end

local function kept_together(blocks)
    local out = pandoc.List()
    for i, b in ipairs(blocks) do
        if i > 1 then out:insert(KEEP) end
        out:insert(b)
    end
    return out
end
local function in_print(d)
    local x = by_id[d.identifier]
    if not x or not d.classes:includes "exercise" then return end
    local blocks = pandoc.List(x.text)
    blocks:extend(given(x))
    if x.a.planted then blocks:insert(pandoc.CodeBlock(planted_in(x))) end
    blocks = kept_together(blocks)
    if edition == "teacher" then blocks:extend(for_the_teacher(x)) end
    if edition == "student" then blocks:extend(room_for(x)) end
    return pandoc.Div(blocks, d.attr)
end

local function begins_volume_two(b) return b.t == "Header" and b.level == 1 and b.attributes.volume == "2" end

local function with_answers(blocks)
    local out, done = pandoc.List(), false
    for _, b in ipairs(blocks) do
        if (b.identifier == "ch:subjects" or begins_volume_two(b)) and not done then
            out:extend(hints_chapter())
            out:extend(chapter_of("Answers", "ch:answers", answer_of))
            done = true
        end
        out:insert(b)
    end
    return out
end

-- Leave out what answers the exercises
local function without_answers(blocks)
    local out, keep, told = pandoc.List(), true, false
    for _, b in ipairs(blocks) do
        if b.t == "Header" and b.level == 1 then
            if begins_volume_two(b) then break end
            keep = b.identifier ~= "ch:errata"
        end
        if b.t == "Header" and b.level <= 2 then told = b.classes:includes "answers" end
        if keep and not told then out:insert(b) end
    end
    return out
end

local function note_labels(blocks)
    present = {}
    local function note(x) if x.identifier ~= "" then present[x.identifier] = true end end
    pandoc.walk_block(pandoc.Div(blocks), { Div = note, Header = note, Span = note, Image = note,
                                            Figure = note })
end
local function without_loose_links(blocks)
    note_labels(blocks)
    return pandoc.Div(blocks):walk { Link = function(link)
        local label = link.target:match "^#(.*)$"
        if label and not present[label] then return link.content end
    end }.content
end

local NOTE = [[*This is the student's edition.* Where the book has an equation or a chunk that an
exercise asks for, this one has a box or ruled lines, and the number of the exercise. Below a
derivation there is room for it, and hints are at the end. The second volume is left out, and so is
the chapter on the README, because they print the answers. To have an answer graded, write it into
the file of the exercise, and type `make check` in the folder of the exercises.]]

local function for_the_student(blocks)
    blocks = with_blanks(without_answers(blocks))
    note_labels(blocks)
    blocks = pandoc.Div(blocks):walk { traverse = "topdown", Div = in_print }.content
    blocks:extend(hints_chapter())
    blocks:insert(2, pandoc.read(NOTE, "markdown").blocks[1])
    return without_loose_links(blocks)
end

-- Do what the edition asks for
local NAMES = { student = "Student’s edition", teacher = "Teacher’s edition" }

local function set_edition(doc)
    doc.meta.edition = NAMES[edition]
    if edition == "student" then doc.blocks = for_the_student(doc.blocks)
    else
        doc.blocks = doc:walk({ traverse = "topdown", Div = in_print }).blocks
        if edition == "book" then doc.blocks = with_answers(doc.blocks) end
    end
    return doc
end

function Pandoc(doc)
    edition = doc.meta.edition and stringify(doc.meta.edition) or "book"
    out = doc.meta.out and stringify(doc.meta.out)
    shapes_file = doc.meta.shapes and stringify(doc.meta.shapes)
    find_things(doc)
    find_exercises(doc)
    for _, x in ipairs(list) do solve(x) end
    if edition == "kit" then write_everything() end
    if mistakes > 0 then error(mistakes .. " mistakes in the exercises") end
    return edition == "kit" and pandoc.Pandoc({}) or set_edition(doc)
end
