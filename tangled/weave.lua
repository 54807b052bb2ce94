-- generated from chapters/26-weave.nw by noweb; do not edit
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
-- Follow the lines of the source
function on.file(name)
    now.file = { name = name, prose = {} }
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
                               file = now.file.name, line = now.line }, Chunk)
    now.defining = true
end

function on.defn(name)
    local c = now.chunk
    c.name, c.number = name, #book.chunks + 1
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
    e.classes, e.attributes = {}, {}
    if not read_attributes(e, text:match("^{(.*)}$") or "") or not e.label then
        complain(place, "after $$ there should be {#eq:label …}, not “%s”", text)
        e.label = "eq:without-label-" .. #equations
    end
    define(e.label, place)
    table.insert(equations, e)
    return ("`%d`{=equation}"):format(#equations)
end

-- Returns the lines of a file as one string; chunks and equations are placeholders.
local function prose_of(file)
    local out, literal, open = {}, false, nil
    for _, l in ipairs(file.prose) do
        local text = l.text
        if text:match("^```") or text:match("^~~~") then literal = not literal end
        if not literal and not open and text:match("^%$%$") then
            open = { file = file.name, line = l.line, latex = "" }
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
            table.insert(out, ("\n```{=chunk}\n%d\n```\n"):format(l.chunk.number))
        else
            table.insert(out, note_places(text, file.name .. ":" .. l.line, literal))
        end
    end
    if open then complain(file.name .. ":" .. open.line, "this equation does not end") end
    return table.concat(out, "\n")
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
    return (text:gsub("{%.measured ", '{.measured place="' .. place .. '" '))
end

-- Parse the prose of a chapter
local DIALECT = "markdown-raw_tex-raw_html-auto_identifiers"

-- Put equations and chunks back
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
    RawBlock = function(b)
        if b.format == "chunk" then return chunk_block(book.chunks[tonumber(b.text)]) end
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
    pandoc.walk_block(pandoc.Div(doc.blocks), { Math = function(m)
        if m.mathtype == "DisplayMath" then
            complain(file.name, "an equation that does not begin its line: $$%s$$", m.text)
        end
    end })
    doc.blocks = pandoc.walk_block(pandoc.Div(doc.blocks), put_back).content
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

function line_of(tokens)
    return pandoc.List(tokens):map(function(t)
        if t.kind == "text" then return pandoc.Code(t.text) end
        local label = t.kind == "use" and name_of(t.text) or { pandoc.Code(t.text) }
        return pandoc.Link(label, "#" .. t.target, "", pandoc.Attr("", { t.kind }))
    end)
end

-- List the notes of a chunk
local function link_to(label)
    local c = book.by_label[label]
    return pandoc.Link(tostring(c.number), "#" .. label, "", pandoc.Attr("", { "chunk-number" }))
end

local function links_to(labels)
    local out, seen = pandoc.List(), {}
    for _, label in ipairs(labels) do
        if not seen[label] then
            if #out > 0 then out:extend { pandoc.Str ",", pandoc.Space() } end
            out:insert(link_to(label))
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
    note("Used in", links_to(c.used_by))
    note("Continued in", c.next and { link_to(c.next) } or {})
    note("Continues", c.previous and { link_to(c.previous) } or {})
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
    local lines = pandoc.List(c.lines):map(line_of)
    return pandoc.Div({
        pandoc.Div({ pandoc.Plain(head) }, pandoc.Attr("", { "chunk-name" })),
        pandoc.LineBlock(lines),
        pandoc.Div({ pandoc.Plain(notes_of(c)) }, pandoc.Attr("", { "chunk-notes" })),
    }, pandoc.Attr(c.label, { "chunk" }, { number = tostring(c.number), name = c.name,
                                           place = c.file .. ":" .. c.line, language = c.language }))
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

-- Number everything
local numbers = {}          -- label → { number =, kind =, text = of a reference }
local count = { chapter = 0, appendix = 0, exercise = 0 }
-- Number a header
function number_header(h)
    if h.level == 1 then start_chapter(h)
    elseif h.level == 2 and count.prefix then
        count.section = count.section + 1
        h.attributes.number = count.prefix .. count.section
    end
    if h.identifier ~= "" then
        local title, n = pandoc.utils.stringify(h), h.attributes.number
        local word = h.level > 1 and "Section" or count.appendices and "Appendix" or "Chapter"
        numbers[h.identifier] = { number = n, kind = h.level == 1 and "ch" or "sec",
                                  text = n and word .. "\u{a0}" .. n or title }
    end
    return h
end

function start_chapter(h)
    count.section, count.eq, count.fig = 0, 0, 0
    count.prefix = nil
    if h.classes:includes("unnumbered") then return end
    if h.classes:includes("appendix") then count.appendices = true end
    local which = count.appendices and "appendix" or "chapter"
    count[which] = count[which] + 1
    h.attributes.number = tostring(count[which])
    if count.appendices then h.attributes.number = string.char(64 + count.appendix) end
    count.prefix = h.attributes.number .. "."
end

-- Number an equation or an exercise
function number_div(d)
    if d.classes:includes("equation") then
        count.eq = count.eq + 1
        d.attributes.number = (count.prefix or "") .. count.eq
        numbers[d.identifier] = { number = d.attributes.number, kind = "eq",
                                  text = "(" .. d.attributes.number .. ")" }
    elseif d.classes:includes("exercise") then
        count.exercise = count.exercise + 1
        d.attributes.number = tostring(count.exercise)
        numbers[d.identifier] = { number = d.attributes.number, kind = "ex",
                                  text = "Exercise\u{a0}" .. count.exercise }
    end
    return d
end

-- Number a figure
function number_figure(p)
    local image = p.content[1]
    if #p.content ~= 1 or image.t ~= "Image" then return end
    count.fig = count.fig + 1
    image.attributes.number = (count.prefix or "") .. count.fig
    numbers[image.identifier] = { number = image.attributes.number, kind = "fig",
                                  text = "Figure\u{a0}" .. image.attributes.number }
    return p
end
local function number_everything(blocks)
    return pandoc.walk_block(pandoc.Div(blocks), {
        traverse = "topdown",
        Header = number_header, Div = number_div, Para = number_figure,
    }).content
end

-- Resolve the references
local function reference(citation)
    local target = numbers[citation.id]
    if not target then
        complain(cited[citation.id] or "somewhere", "there is no @%s", citation.id)
        return pandoc.Str("??")
    end
    local class = { "reference", target.kind }
    return pandoc.Link(target.text, "#" .. citation.id, "", pandoc.Attr("", class))
end

local function resolve(cite)
    local out = pandoc.List()
    for i, c in ipairs(cite.citations) do
        if i > 1 then out:extend { pandoc.Str ",", pandoc.Space() } end
        out:extend(c.prefix)
        if #c.prefix > 0 then out:insert(pandoc.Space()) end
        out:insert(reference(c))
        out:extend(c.suffix)
    end
    return out
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
        pandoc.Header(1, title, pandoc.Attr(id, { "unnumbered" })),
        pandoc.Para(preface),
        pandoc.Div({ pandoc.LineBlock(lines:map(function(p) return p.content end)) },
                   pandoc.Attr("", { "index" })),
    }
end

local function indexes()
    local out = pandoc.List()
    out:extend(index("Index of Chunks", "ch:chunks", book.names, function(name)
        local n = name_of(name)
        n:insert(1, pandoc.Str "⟨")
        n:insert(pandoc.Str "⟩")
        return n
    end, "Bold numbers are where a chunk is defined, the others where it is used."))
    out:extend(index("Index of Identifiers", "ch:identifiers", book.identifiers, function(name)
        return { pandoc.Code(name) }
    end, "Bold numbers are the chunks that define an identifier, the others those that use it."))
    return out
end

-- Write the tables
local function write_table(name, head, rows)
    local file = assert(io.open(build .. "/" .. name, "w"))
    file:write(table.concat(head, "\t"), "\n")
    for _, row in ipairs(rows) do file:write(table.concat(row, "\t"), "\n") end
    assert(file:close())
end

local function write_equations()
    write_table("equations.tsv", { "label", "file", "line", "classes", "attributes", "latex" },
        pandoc.List(equations):map(function(e)
            local attributes = pandoc.List(e.attributes):map(function(a)
                return a[1] .. '="' .. a[2] .. '"'
            end)
            return { e.label, e.file, e.line, table.concat(e.classes, " "),
                     table.concat(attributes, " "), e.latex }
        end))
end

local function write_labels()
    local rows = pandoc.List()
    for label, n in pairs(numbers) do rows:insert { label, n.kind, n.number or "" } end
    rows:sort(function(a, b) return a[1] < b[1] end)
    write_table("labels.tsv", { "label", "kind", "number" }, rows)
    write_table("chunks.tsv", { "number", "label", "place", "name" },
        pandoc.List(book.chunks):map(function(c)
            return { c.number, c.label, c.file .. ":" .. c.line, c.name }
        end))
end

-- Weave the book
function Reader(sources)
    local blocks, meta = pandoc.List(), nil
    read_stream(tostring(sources))
    spread_languages()
    for _, file in ipairs(book.files) do
        local doc = parse(file)
        meta = meta or doc.meta
        blocks:extend(doc.blocks)
    end
    blocks:extend(indexes())
    blocks = number_everything(blocks)
    blocks = pandoc.walk_block(pandoc.Div(blocks), { Cite = resolve }).content
    stop_if_there_were_complaints()
    write_equations()
    write_labels()
    return pandoc.Pandoc(blocks, meta)
end
