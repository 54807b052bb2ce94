-- generated from chapters/41-weave.nw by noweb; do not edit
local build = os.getenv("BUILD") or "build"
local latex = FORMAT:match("latex") ~= nil
local raw = latex and "latex" or "html"
local List = pandoc.List
-- Report what is missing
local missing = 0
local function miss(place, text, ...)
    io.stderr:write(place or "the book", ": ", text:format(...), "\n")
    missing = missing + 1
end

-- Cut out a volume
-- The blocks of a volume; all of them, if none is named.
local function blocks_of(volume, blocks)
    local out, here = List(), "1"
    for _, b in ipairs(blocks) do
        if b.t == "Header" and b.level == 1 then here = b.attributes.volume or "1" end
        if not volume or here == volume then out:insert(b) end
    end
    return out
end

local other         -- the name of the other volume's file
local here          -- the labels of this volume

local function note_labels(blocks)
    here = {}
    local function note(x) if x.identifier ~= "" then here[x.identifier] = true end end
    pandoc.walk_block(pandoc.Div(blocks), { Div = note, Header = note, Span = note, Image = note, Figure = note })
end

-- LaTeX that leads to a target "#label".
local function linked(target, text)
    local label = target:match("^#(.*)$")
    if not here[label] and not other then return text end
    return ("\\hyperref[%s]{%s}"):format(label, text)
end

-- Read a table of measurements
local tables = {}

-- The rows of a tab-separated file; also by the value in the first column. Nil if absent.
local function read_table(path)
    path = path:gsub("^build/", build .. "/")
    if tables[path] ~= nil then return tables[path] end
    local file, rows, head = io.open(path), {}, nil
    for line in file and file:lines() or function() end do
        -- Read one row of a table
        local row, column = {}, 0
        for value in (line .. "\t"):gmatch("([^\t]*)\t") do
            column = column + 1
            row[head and head[column] or column] = value
        end
        if head then
            table.insert(rows, row)
            rows[row[head[1]]] = rows[row[head[1]]] or row
        else head, rows.head = row, row end
    end
    tables[path] = file and rows or false
    return tables[path]
end

-- Insert a measured number
local function measured(span)
    if not span.classes:includes("measured") then return end
    local a = span.attributes
    local rows = read_table(a.file or "")
    local value = rows and rows[a.row] and rows[a.row][a.column]
    if not value or value == "" then
        miss(a.place, "nothing measured: %s, row %s, column %s", a.file, a.row, a.column)
        return pandoc.Strong { pandoc.Str "??" }
    end
    if not a.format then return words(value) end
    return number(a.format:format(tonumber(value)))
end

function number(text)
    local mantissa, exponent = text:match("^(.-)e([+-]%d+)$")
    if not mantissa then return pandoc.Str(text) end
    local power = ("10^{%d}"):format(tonumber(exponent))
    if tonumber(mantissa) ~= 1 then power = mantissa .. " \\cdot " .. power end
    return pandoc.Math("InlineMath", power)
end

function words(text)
    text = text:gsub("%f[%w](%a)_(%b{})", "$%1_%2$"):gsub("%f[%w](%a)_(%w)%f[%W]('?)", function(symbol, index, prime)
        return ("$%s_%s%s$"):format(symbol, index, prime == "" and "" or "^\\prime")
    end)
    text = text:gsub("%f[%w](%a)_τ", "$%1_τ$"):gsub("τ", "\\tau{}")
    return pandoc.utils.blocks_to_inlines(pandoc.read(text, "markdown-raw_tex").blocks)
end

-- Make mathematics fit for all outputs
local MACROS = {
    { "\\softmax%f[%A]", "\\operatorname{softmax}" },
    { "\\diag%f[%A]", "\\operatorname{diag}" },
    { "\\rows%f[%A]", "\\operatorname*{rows}" },
    { "\\mathbf%s*{1}", "\u{1D7CF}" },
}

local function mathematics(m)
    for _, macro in ipairs(MACROS) do m.text = m.text:gsub(macro[1], macro[2]) end
    return m
end

-- Typeset an equation with its verdict
local function largest_error(row)
    local largest
    for _, column in ipairs { "err_calculus", "err_code" } do
        local e = tonumber(row[column])
        if e and (not largest or e > largest) then largest = e end
    end
    if not largest then return "" end
    return largest == 0 and "exact" or ("%.0e"):format(largest):gsub("e([+-])0", "e%1")
end

-- Choose the mark of an equation
-- Returns a word for the style, and the text of the margin.
local function mark_of(d)
    local ledger = read_table("build/ledger.tsv")
    local row = ledger and ledger[d.identifier]
    if d.attributes.mark then return "prose", d.attributes.mark end
    if d.classes:includes("prose") then return "prose", "not executed" end
    if d.classes:includes("seed") then
        local verdict = d.attributes.verdict
        return verdict == "ok" and "right" or "seed", verdict == "ok" and "" or verdict
    end
    if not row then return "none", "" end
    local refused = tonumber(row.killed_by_shape) + tonumber(row.killed_by_value)
    local rows = row.rows == "one-hot" and " · one-hot" or ""
    if row.verdict == "ok" then return "right", largest_error(row) .. " · " .. refused .. rows end
    return "wrong", row.verdict
end

-- Set an equation in LaTeX
local shapes
local function shape_of(d)
    if not shapes then
        shapes = {}
        local file = io.open(build .. "/shapes.tsv")
        for line in file and file:lines() or function() end do
            local label, shape = line:match("^(%S+)\t(.*)$")
            if label then shapes[label] = shape end
        end
    end
    return not d.classes:includes("blank") and shapes[d.identifier] or ""
end

local function equation_latex(d)
    local style, mark = mark_of(d)
    return pandoc.RawBlock("latex", ("\\bookequation{%s}{%s}{%s}{%s}{%s}{%s}"):format(
        d.identifier, d.attributes.number, style, mark, shape_of(d), formula_of(d).text))
end

-- Set an equation in HTML
function formula_of(d) return d.content[1].content[1] end

local function part(class, inlines)
    return pandoc.Div({ pandoc.Plain(inlines) }, pandoc.Attr("", { class }))
end

-- Find the source of an equation
local function source_of(d)
    local equations = read_table("build/equations.tsv")
    local row = equations and equations[d.identifier]
    if not row or FORMAT:match("epub") or d.classes:includes("blank") then return {} end
    return { latex = row.latex, theory = d.attributes.theory }
end
local SIGN = { right = "✓ ", wrong = "✗ ", seed = "✗ ", prose = "– ", none = "" }
local function equation_html(d)
    local style, mark = mark_of(d)
    local link = pandoc.Link("(" .. d.attributes.number .. ")", "#" .. d.identifier)
    local parts = { part("formula", { formula_of(d) }), part("number", { link }),
                    part("mark " .. style, { pandoc.Str(SIGN[style] .. mark) }) }
    local shape = shape_of(d)
    if shape ~= "" then table.insert(parts, part("shape", { pandoc.Math("InlineMath", shape) })) end
    return pandoc.Div(parts, pandoc.Attr(d.identifier, d.classes, source_of(d)))
end

-- Typeset code
-- Know the languages
local C = { line = "//", open = "/*", shut = "*/", words = [[ auto break case const continue
    default do double else enum extern float for goto if inline int long return short signed
    sizeof static struct switch typedef union unsigned void volatile while size_t uint64_t
    uint32_t int64_t uint8_t char real complex ]] }
local LUA = { line = "--", words = [[ and break do else elseif end false for function goto if
    in local nil not or repeat return then true until while ]] }
local SHELL = { line = "#", words = [[ if then else elif fi for in do done while case esac
    export exec trap exit return BEGIN END print next function ]] }
local JS = { line = "//", open = "/*", shut = "*/", words = [[ async await break case catch class
    const continue else extends for function get if let new of return static switch this throw
    try typeof undefined while ]] }
local OTHER = { words = "" }
local LANGUAGES = { c = C, h = C, def = C, js = JS, css = { open = "/*", shut = "*/", words = "" },
                    lua = LUA, sh = SHELL, awk = SHELL, py = SHELL, mk = SHELL }

-- Find the next interesting place in the code
-- Where a comment, a string or a word begins in text at or after `at`, and which.
local function next_place(text, at, language)
    local first, kind
    local function try(pattern, name, plain)
        local found = pattern and text:find(pattern, at, plain)
        if found and (not first or found < first) then first, kind = found, name end
    end
    try(language.line, "line", true)
    try(language.open, "open", true)
    if language ~= OTHER then try("[\"']", "string") end
    try("%f[%w_]%a[%w_]*", "word")
    return first or #text + 1, kind
end

-- Scan the text of a chunk
-- Calls emit(style, text) for each piece of the text. state.inside is "comment",
-- or a quotation mark, or nil.
local function scan(text, language, state, emit)
    local at = 1
    while at <= #text do
        local to, kind
        if state.inside then to = scan_inside(text, at, language, state, emit)
        else
            to, kind = next_place(text, at, language)
            if to > at then emit("plain", text:sub(at, to - 1)) end
            if kind then to = scan_place(text, to, kind, language, state, emit) end
        end
        at = to
    end
end

function scan_inside(text, at, language, state, emit)
    local comment = state.inside == "comment"
    local _, stop = text:find(comment and (language.shut or "\0") or state.inside, at, true)
    while stop and not comment and text:sub(stop - 1, stop - 1) == "\\"
            and text:sub(stop - 2, stop - 2) ~= "\\" do
        _, stop = text:find(state.inside, stop + 1, true)
    end
    if state.to_end_of_line then stop = nil end
    emit(comment and "comment" or "string", text:sub(at, stop))
    if stop then state.inside = nil end
    return (stop or #text) + 1
end

function scan_place(text, at, kind, language, state, emit)
    if kind == "word" then
        local word = text:match("^[%w_]+", at)
        local known = language.words:find("%s" .. word .. "%s")
        emit(known and "keyword" or "plain", word)
        return at + #word
    end
    local length = kind == "string" and 1 or #language[kind]
    state.inside = kind == "string" and text:sub(at, at) or "comment"
    state.to_end_of_line = kind == "line"
    emit(kind == "string" and "string" or "comment", text:sub(at, at + length - 1))
    return at + length
end

-- Escape what is special
local ENTITIES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }

local function escape(text)
    if not latex then return (text:gsub('[&<>"]', ENTITIES)) end
    text = text:gsub("[\\{}$&#^_~%%'`\"]", function(c) return ("\\char%d{}"):format(c:byte()) end)
    return (text:gsub(" ", "~"))
end

-- The same for code, whose font lacks the letters that are not of ASCII.
local function escape_code(text)
    return latex and escape(text):gsub("[\x80-\xFF]+", "\\codeother{%0}") or escape(text)
end

-- A keyword on a screen is a <b>, for there are thousands of them. Strings look like the code around.
local function styled(style, text)
    text = escape_code(text)
    if style == "plain" or style == "string" then return text end
    if style == "keyword" and not latex then return "<b>" .. text .. "</b>" end
    return (latex and "\\code%s{%s}" or '<span class="%s">%s</span>'):format(style, text)
end

-- Typeset a chunk
-- A list of inlines that grows: by text that is output as it is, or by an inline.
local function collector()
    local out, text = List(), {}
    local function flush()
        if #text > 0 then out:insert(pandoc.RawInline(raw, table.concat(text))) end
        text = {}
    end
    return {
        add = function(s) text[#text + 1] = s end,
        insert = function(inline) flush() out:insert(inline) end,
        inlines = function() flush() return out end,
    }
end

-- Adds one line to what is collected; state goes from line to line.
local function code_line(c, inlines, language, state)
    local style, pieces = nil, {}
    local function flush()
        if style then c.add(styled(style, table.concat(pieces))) end
        style, pieces = nil, {}
    end
    local function emit(new, text)
        if new ~= style then flush() end
        style = new
        pieces[#pieces + 1] = text
    end
    for i, x in ipairs(inlines) do
        -- Typeset one word of a line
        local link = x.t == "Link" and x.classes[1]
        if x.t == "RawInline" then flush() c.insert(x)
        elseif link == "use" then flush() chunk_use(c, x)
        else
            local text = x.t == "Code" and x.text or pandoc.utils.stringify(x)
            if i == 1 and latex then text = text:gsub("^ +", "") end
            if link and not latex and not state.inside then
                flush()
                x.content = { pandoc.RawInline(raw, escape(text)) }
                c.insert(x)
            else scan(text, language, state, emit) end
        end
    end
    flush()
    if state.inside ~= "comment" or state.to_end_of_line then state.inside = nil end
    state.to_end_of_line = false
end

local function name_latex(inlines)
    local out = {}
    for i, x in ipairs(inlines) do
        local text = escape(x.text):gsub("~", " ")
        out[i] = x.t == "Code" and "\\texttt{" .. text .. "}" or text
    end
    return table.concat(out)
end

function chunk_use(c, link)
    if latex then
        local text = ("\\openuse{}%s \\usenumber{%s}\\shutuse{}"):format(name_latex(link.content), link.attributes.number)
        return c.add(linked(link.target, text))
    end
    link.attributes.number = nil
    link.content:insert(1, pandoc.Str("⟨"))
    link.content:insert(pandoc.Str("⟩"))
    c.insert(link)
end

local ENDS = { ["end"] = true, fi = true, done = true, esac = true, ["else"] = true, ["elseif"] = true,
               elif = true, ["until"] = true, ["#endif"] = true, ["#else"] = true }
local COMMENTS = { "^ *//", "^ */%*", "^ *# ", "^ *#$", "^ *%-%-", "%*/$" }

local function indent(text) return #text:match("^ *") end

local function belongs_to_last(text)
    return text:match("^ *[%]%)}]") or text:match("^[%s%p]*$") or ENDS[text:match("^ *(#?%a+)")]
end

local function is_comment(text)
    for _, pattern in ipairs(COMMENTS) do if text:match(pattern) then return true end end
end

-- What it costs to turn the page behind line i of these; nil where it is not allowed.
local function turning_after(i, lines)
    local this, following = lines[i], lines[i + 1]
    if i < 2 or i > #lines - 3 or this == "" then return end
    if following == "" then return 0 end
    if belongs_to_last(following) or is_comment(this) or indent(following) > indent(this) then return end
    return indent(following) == 0 and 20 or 60
end

local function open_line(text)
    return text == "" and "\n\\codeblank{}" or ("\n\\codeline{%d}{"):format(indent(text))
end

local function shut_line(i, lines, short)
    local cost = #lines >= short and turning_after(i, lines)
    return (lines[i] == "" and "" or "}") .. (cost and ("\\codebreak{%d}"):format(cost) or "")
end

local function code_lines(d)
    local c, state, lines = collector(), {}, d.content[2].content
    local language = LANGUAGES[d.attributes.language] or OTHER
    local texts = List(lines):map(function(line)
        return #line == 0 and "" or pandoc.utils.stringify(line):gsub("^$", "x")
    end)
    for i, line in ipairs(lines) do
        if latex then c.add(open_line(texts[i])) elseif i > 1 then c.add("\n") end
        code_line(c, line, language, state)
        if latex then c.add(shut_line(i, texts, 8)) end
    end
    return c.inlines()
end

local function chunk_latex(d)
    local inner = d.content[2]
    local open = ("\\begin{chunk}{%s}{%s}"):format(d.identifier, d.attributes.number)
    local head, foot = List { pandoc.RawInline(raw, open) }, List { pandoc.RawInline(raw, "\n\\chunknotes{") }
    head:extend(d.content[1].content[1].content)
    foot:extend(d.content[3].content[1] and d.content[3].content[1].content or {})
    foot:insert(pandoc.RawInline(raw, "}\n\\end{chunk}"))
    if inner.t ~= "LineBlock" then
        head:insert(pandoc.RawInline(raw, "\\chunktable "))
        return { pandoc.Plain(head), inner, pandoc.Plain(foot) }
    end
    head:insert(pandoc.RawInline(raw, "\\chunkcode "))
    return pandoc.Plain(head .. code_lines(d) .. foot)
end

local function chunk_html(d)
    local inner = d.content[2]
    if inner.t == "LineBlock" then
        inner = pandoc.Plain(List { pandoc.RawInline(raw, "<pre><code>") } .. code_lines(d)
            .. { pandoc.RawInline(raw, "\n</code></pre>") })
    end
    local head = d.content[1].content[1].content
    local number = pandoc.Link(d.attributes.number, "#" .. d.identifier, "",
                               pandoc.Attr("", { "chunk-number" }))
    local blocks = { part("chunk-name", head .. { pandoc.Space(), number }), inner }
    local notes = d.content[3].content[1]
    if notes and #notes.content > 0 then table.insert(blocks, part("chunk-notes", notes.content)) end
    return pandoc.Div(blocks, pandoc.Attr(d.identifier, { "chunk" }))
end

local function literal(b)
    local lines, out = List(), List { pandoc.RawInline(raw, "\\begin{literal}") }
    for line in (b.text .. "\n"):gmatch("(.-)\n") do lines:insert(line) end
    for i, line in ipairs(lines) do
        local text = escape_code(line:sub(indent(line) + 1))
        out:insert(pandoc.RawInline(raw, open_line(line) .. text .. shut_line(i, lines, 10)))
    end
    out:insert(pandoc.RawInline(raw, "\n\\end{literal}"))
    return pandoc.Plain(out)
end

-- Typeset figures, exercises and indexes
local function add_command(caption, name)
    local rows = read_table("build/figures.tsv")
    local row = rows and rows[name]
    if not row then return miss("figures/" .. name, "make does not know how this figure is drawn") end
    local before = pandoc.Space()
    for command in row.commands:gmatch("[^,]+") do
        local code = pandoc.Code(command, pandoc.Attr("", { "command" }))
        caption:extend { before, latex and pandoc.RawInline(raw, "\\figurecommand{" .. command .. "}") or code }
        before = pandoc.Str(", ")
    end
end

local function figure(b)
    local whole = b.t == "Figure"
    local image = (whole and b.content[1] or b).content[1]
    if not image or image.t ~= "Image" or not image.attributes.number then return end
    local caption = whole and b.caption.long[1].content or image.caption
    local name = image.src:match("([^/]+)$")
    local counter
    add_command(caption, name)
    if latex then
        image.src = build .. "/figures/" .. name .. ".pdf"
        counter = ("\\setcounter{figure}{%d}"):format(image.attributes.number:match("%d+$") - 1)
    else
        local folder = FORMAT:match("epub") and build .. "/" or ""
        image.src = folder .. "figures/" .. name .. ".svg"
        caption:insert(1, pandoc.Str("Figure " .. image.attributes.number .. ". "))
    end
    image.attributes.number = nil
    return latex and { pandoc.RawBlock(raw, counter), b } or b
end

local function exercise(d)
    local a = d.attributes
    local head = List { pandoc.Strong("Exercise " .. a.number) }
    if a.title then head:extend { pandoc.Str ".", pandoc.Space(), pandoc.Emph(a.title) } end
    local facts = List { a.level }
    if a.minutes then facts:insert(a.minutes .. " minutes") end
    if a.points then facts:insert(a.points .. (a.points == "1" and " point" or " points")) end
    head:extend { pandoc.Space(), pandoc.Str("(" .. table.concat(facts, ", ") .. ")") }
    if latex then
        head:insert(1, pandoc.RawInline(raw, "\\leavevmode\\phantomsection\\label{" .. d.identifier .. "}"))
        d.identifier = ""
    end
    d.content:insert(1, pandoc.Para(head))
    if latex then
        d.content:insert(1, pandoc.RawBlock(raw, "\\addvspace{\\baselineskip}\\begingroup\\behindliteral=10000"))
        d.content:insert(3, pandoc.RawBlock(raw, "\\nopagebreak"))
        d.content:insert(pandoc.RawBlock(raw, "\\par\\endgroup\\penalty\\behindexercise"))
    end
    d.attributes = FORMAT:match("html") and { ["data-kind"] = a.kind } or {}
    return d
end

local function index_latex(d)
    local out = List { pandoc.RawInline(raw, "\\begin{theindexlist}") }
    for _, line in ipairs(d.content[1].content) do
        out:insert(pandoc.RawInline(raw, "\n\\indexline{"))
        out:extend(line)
        out:insert(pandoc.RawInline(raw, "}"))
    end
    out:insert(pandoc.RawInline(raw, "\n\\end{theindexlist}"))
    return pandoc.Plain(out)
end

local function subjects(d)
    return pandoc.walk_block(d, { LineBlock = function(lines)
        local out = List { pandoc.RawInline(raw, "\\begin{theindexlist}") }
        for _, line in ipairs(lines.content) do
            out:insert(pandoc.RawInline(raw, "\n\\indexline{"))
            for i, x in ipairs(line) do
                -- Set one piece of a subject's line
                local label = x.t == "Link" and x.target:match("^#(.*)$")
                local before_link = x.t == "Space" and line[i + 1] and line[i + 1].t == "Link"
                if label and not x.classes:includes("reference") then out:extend(x.content)
                elseif not label and not before_link then out:insert(x) end
                if label then out:insert(pandoc.RawInline(raw, ",~" .. linked(x.target, "\\pageref*{" .. label .. "}"))) end
            end
            out:insert(pandoc.RawInline(raw, "}"))
        end
        out:insert(pandoc.RawInline(raw, "\n\\end{theindexlist}"))
        return pandoc.Plain(out)
    end })
end

local index_parts = 0               -- of all indexes, for their labels
local function index_epub(d)
    local out, lines, first, last, enough = List(), List(), nil, nil, 100
    local function close()
        local name = first == last and first or first .. " to " .. last
        local label = "part-of-index-" .. (index_parts + #out)
        out:insert(pandoc.Header(2, { pandoc.Str(name) }, pandoc.Attr(label, { "unnumbered" })))
        out:insert(pandoc.Div({ pandoc.LineBlock(lines) }, pandoc.Attr("", { "index" })))
        lines, first = List(), nil
    end
    for _, line in ipairs(d.content[1].content) do
        local letter = (pandoc.utils.stringify(line):match("%a") or "signs"):upper()
        if first and letter ~= last and #lines >= enough then close() end
        first, last = first or letter, letter
        lines:insert(line)
    end
    if first then close() end
    index_parts = index_parts + #out
    return out
end

-- Typeset the table of notation
local numbers, formulas, blank_classes = {}, {}, {}     -- of the equations, by their labels
local function math(text) return pandoc.Math("InlineMath", text) end

-- A formula without the frame and the marks that align it.
local function on_one_line(latex)
    return (latex:gsub("\\begin{aligned}", ""):gsub("\\end{aligned}", ""):gsub("([^\\])&", "%1"):gsub("\\\\", " "))
end

local function shape_math(shape)
    shape = shape:gsub(" x ", " \\times "):gsub("_s", "_{\\tau}"):gsub("_{s", "_{\\tau")
    return math(shape)
end

local function range_math(symbol, range)
    local from, to = range:match("^(.-)%.%.(.-)$")
    if not from then return pandoc.Str "" end
    local index = symbol:match("_k$") and "k" or "t"
    return math(("%s = %s, \\dots, %s"):format(index, from, to))
end

-- A cell is a list of inlines, or { lines = … }, a list of such lists.
local function cell_of(c)
    if not c.lines then return { pandoc.Plain(c) } end
    return List(c.lines):map(function(line) return pandoc.Para(line) end)
end

local WIDEST = 1.17
local function table_of(heads, widths, rows)
    local aligns = List(widths):map(function() return "AlignLeft" end)
    local cells = function(row) return List(row):map(function(c) return cell_of(c) end) end
    local simple = pandoc.SimpleTable({}, aligns, widths, cells(heads), List(rows):map(cells))
    return pandoc.utils.from_simple_table(simple)
end

-- The lines of a theory's table; of the plain network's, if no theory is named.
local function notation_lines(theory)
    local lines, name = List(), nil
    for line in io.lines("tangled/verifier/" .. (theory and "theories.def" or "notation.def")) do
        name = line:match('^THEORY%("(.-)"%)') or name
        if name == theory then lines:insert(line) end
    end
    return lines
end

local function notation(theory)
    local rows, gradients = List(), List()
    for _, line in ipairs(notation_lines(theory)) do
        local s, shape, range, text, where =
            line:match('^SYMBOL%("(.-)", "(.-)", "(.-)", "(.-)", (.-),')
        local g, _, place = line:match('^GRADIENT%("(.-)", "(.-)", (.-)%)$')
        -- Add a row for a symbol or a gradient
        if s then
            local code = where == "NONE" and pandoc.Str "" or pandoc.Code(where)
            s = s:gsub("\\\\", "\\")
            rows:insert { { math(s) }, { shape_math(shape) }, { range_math(s, range) },
                          { pandoc.Str(text) }, { code } }
        elseif g then
            gradients:insert { { math((g:gsub("\\\\", "\\"):gsub("^\\frac{(.-)}{(.*)}$", "%1 / %2"))) },
                               { pandoc.Str "" }, { pandoc.Str "" },
                               { pandoc.Str "gradient" }, { pandoc.Code(place) } }
        end
    end
    rows:extend(gradients)
    return table_of({ "symbol", "shape", "range", "meaning", "in the program" },
                    { 0.13, 0.15, 0.19, 0.41, 0.29 }, rows)
end

-- Where the program keeps each symbol and each gradient, by its LaTeX.
local function storage()
    local kept = {}
    for _, line in ipairs(notation_lines()) do
        local name, where = line:match('^SYMBOL%("(.-)", ".-", ".-", ".-", (.-),')
        if not name then name, where = line:match('^GRADIENT%("(.-)", ".-", (.-)%)$') end
        if name and where ~= "NONE" then kept[name:gsub("\\\\", "\\")] = where end
    end
    return kept
end

local function sheet(d)
    local rows, kept = List(), storage()
    local function gap(formula)
        local tall = formula:match("\\frac") or formula:match("\\sum")
        return pandoc.RawInline("latex", tall and "\\rule[-12pt]{0pt}{27pt}" or "\\rule[-5pt]{0pt}{15pt}")
    end
    for label in d.attributes.of:gmatch("%S+") do
        local latex_of = formulas[label]
        if not latex_of then miss(d.attributes.place, "no equation %s", label) return {} end
        local left = latex_of:gsub("\\coloneqq", "="):match("^%s*(.-)%s*=")
        local shape = shape_of { identifier = label, classes = blank_classes[label] }
        latex_of = latex_of:gsub("\\hspace{%d%dem}", "\\hspace{10em}")
        rows:insert { { pandoc.Link("(" .. numbers[label] .. ")", "#" .. label) },
                      { math("\\displaystyle " .. on_one_line(latex_of)), gap(latex_of) },
                      { shape ~= "" and math(shape) or pandoc.Str "" },
                      { kept[left] and pandoc.Code(kept[left]) or pandoc.Str "" } }
    end
    local heads, widths = { "", "equation", "shapes", "in the program" }, { 0.08, 0.37, 0.58, 0.14 }
    return pandoc.Div({ table_of(heads, widths, rows) }, pandoc.Attr("", { "small" }))
end

-- Typeset the ledger
local function remember_number(d)
    if not d.classes:includes("equation") then return end
    numbers[d.identifier] = d.attributes.number
    blank_classes[d.identifier] = d.classes
    pandoc.walk_block(d, { Math = function(m) formulas[d.identifier] = m.text end })
end

local function error_cell(text)
    local value = tonumber(text)
    if not value then return { pandoc.Str "" } end
    return { pandoc.Str(value == 0 and "0" or (("%.0e"):format(value):gsub("e([+-])0", "e%1"))) }
end

-- Count the verdicts
function mutants_cell(r)
    if r.mutants == "0" then return "" end
    local mutants = ("%s = %s + %s"):format(r.mutants, r.killed_by_shape, r.killed_by_value)
    if r.not_evaluable ~= "0" then mutants = mutants .. " + " .. r.not_evaluable .. "?" end
    return r.survived == "0" and mutants or mutants .. " + " .. r.survived .. "*"
end

local function ledger_summary()
    local rows = read_table("build/ledger.tsv")
    if not rows then return {} end
    local count = { ok = 0, prose = 0, seed = 0, inline = 0, mutants = 0 }
    for _, r in ipairs(rows) do
        local kind = count[r.kind] and r.kind or r.verdict
        count[kind] = (count[kind] or 0) + 1
        count.mutants = count.mutants + (tonumber(r.mutants) or 0)
    end
    local text = ("%d displayed equations: %d executed and right, %d from the README, %d not executable. "
        .. "%d mutants."):format(#rows - count.inline, count.ok, count.seed, count.prose, count.mutants)
    return pandoc.Para(text)
end
local function ledger()
    local rows, out = read_table("build/ledger.tsv"), List()
    if not rows then return {} end
    for _, r in ipairs(rows) do
        -- Add a displayed equation to the ledger
        if r.kind ~= "inline" then
            local link = pandoc.Link("(" .. (numbers[r.equation] or "?") .. ")", "#" .. r.equation)
            out:insert { { link }, { pandoc.Str(r.kind) }, error_cell(r.err_calculus),
                         { pandoc.Str(r.err_gsl == "-" and "" or r.err_gsl) }, error_cell(r.err_code),
                         { pandoc.Str(mutants_cell(r)) },
                         { pandoc.Str(r.verdict .. (r.rows == "one-hot" and ", one-hot" or "")) } }
        end
    end
    return pandoc.Div({ table_of({ "equation", "kind", "calculus", "GSL", "C", "mutants", "verdict" },
        { 0.14, 0.15, 0.12, 0.1, 0.12, 0.3, 0.14 }, out) }, pandoc.Attr("", { "small" }))
end

local function place_cell(place)
    local chapter, line = place:gsub("%.nw", ""):match("(%a[%a-]*):(%d+)$")
    return { pandoc.Str(chapter .. "," .. "\u{a0}" .. line) }
end

local function formula_cell(text)
    local cell = List()
    for part, relation in (text .. "\\in "):gmatch("(.-)\\in ") do
        if #cell > 0 then cell:extend { pandoc.Space(), pandoc.Str "is", pandoc.Space() } end
        cell:insert(pandoc.Math("InlineMath", (part:gsub("%s+$", ""))))
    end
    return cell
end

local function small_table(...) return pandoc.Div({ table_of(...) }, pandoc.Attr("", { "small" })) end
local function claims()
    local rows, formulas, out = read_table("build/ledger.tsv"), read_table("build/formulas.tsv"), List()
    if not rows or not formulas then return {} end
    local by_label = {}
    for _, f in ipairs(formulas) do by_label[f.label] = f end
    for _, r in ipairs(rows) do
        local f = by_label[r.equation]
        if f then
            out:insert { place_cell(r.chapter .. ":" .. r.line), formula_cell(f.latex), error_cell(r.err_calculus),
                         { pandoc.Str(mutants_cell(r)) },
                 { pandoc.Str(r.verdict .. (r.rows == "one-hot" and ", one-hot" or "")) } }
        end
    end
    return small_table({ "chapter, line", "claim", "error", "mutants", "verdict" }, { 0.2, 0.5, 0.09, 0.12, 0.09 }, out)
end

local NOT_EXECUTED = { given = "supposed, or named", prose = "", fact = "" }
local function not_executed()
    local formulas, out = read_table("build/formulas.tsv"), List()
    for _, f in ipairs(formulas or {}) do
        local reason = NOT_EXECUTED[f.kind]
        if reason then
            out:insert { place_cell(f.file .. ":" .. f.line), formula_cell(f.latex), { pandoc.Str(reason .. f.note) } }
        end
    end
    return small_table({ "chapter, line", "formula", "why it is not executed" }, { 0.2, 0.45, 0.35 }, out)
end

local function numbers_left()
    local rows, out = read_table("build/numbers.tsv"), List()
    for _, r in ipairs(rows or {}) do
        if r.verdict ~= "ok" then miss(r.place, "“%s”: %s", r.text, r.verdict) end
        if NOT_EXECUTED[r.kind] then
            out:insert { place_cell(r.place), { pandoc.Str(r.text) }, { pandoc.Str(NOT_EXECUTED[r.kind] .. r.known) } }
        end
    end
    return small_table({ "chapter, line", "number", "where it is from" }, { 0.2, 0.2, 0.6 }, out)
end

local function count_kinds(rows)
    local count = setmetatable({}, { __index = function() return 0 end })
    for _, r in ipairs(rows or {}) do count[r.kind] = count[r.kind] + 1 end
    return count
end

local function sentences()
    local formulas, numbers = read_table("build/formulas.tsv"), read_table("build/numbers.tsv")
    local summary = read_table("build/summary.tsv")
    if not formulas or not numbers or not summary then return {} end
    local f, n, m = count_kinds(formulas), count_kinds(numbers), summary.mentions
    -- Say how many formulas and numbers stand in sentences
    local text = ("%d formulas in sentences: %d claims executed, of which %d are shapes; %d conditions; %d numbers; %d that claim nothing, of which "
        .. "%d were parsed whole and of %d only the symbols were looked up; %d not executed. %d numbers in sentences: %d from runs, %d from the program, "
        .. "%d from arithmetic, %d from elsewhere or supposed; %d small ones, %d years and %d names were left alone."):format(
        #formulas, f.claim + f.shape, f.shape, f.condition, f.number, f.mention, tonumber(m.alone), m.first - m.alone, f.given + f.prose + f.fact,
        #numbers, n.measured, n.code, n.arithmetic, n.given + n.prose + n.fact, n.small, n.year, n.name)
    return pandoc.Para(text)
end

local function text_of_file(d)
    local file = io.open((d.attributes.file:gsub("^build/", build .. "/")))
    if not file then
        miss(d.attributes.place, "no text %s", d.attributes.file)
        return {}
    end
    local text = file:read("a"):gsub("%s+$", "")
    file:close()
    return pandoc.CodeBlock(text)
end

local lines_of, widths_of
-- Let a column have the room that it needs
local LETTERS = 72      -- about as many fit into a line of a table; a gap takes as much as two or three
local MATRIX = "[^;] .*;"

function lines_of(text)
    local line = List()
    for word in text:gmatch("%S+") do
        local ends = latex and #line > 0 and text:match(MATRIX) and line[#line].text:match(";$")
        if #line > 0 then line:insert(ends and pandoc.RawInline(raw, "\\newline ") or pandoc.Space()) end
        line:insert(pandoc.Str(word))
    end
    return line
end

function columns_of(rows)
    return List(rows.head):filter(function(name)
        return #List(rows):filter(function(row) return row[name] ~= "" end) > 0
    end)
end

function widths_of(rows, columns)
    local all, widths = 0, List()
    for i, name in ipairs(columns) do
        -- Find the longest of a column
        local most = 0
        local function note(text) if utf8.len(text) > most then most = utf8.len(text) end end
        for word in name:gmatch("%S+") do note(word) end
        for _, row in ipairs(rows) do
            for line in row[name]:gmatch(row[name]:match(MATRIX) and "[^;]+;?" or ".+") do note(line) end
        end
        widths[i] = latex and (most + 1) / (LETTERS - 2.5 * (#columns - 1)) or 1 / #columns
        all = all + widths[i]
    end
    return widths:map(function(w) return all > WIDEST and w * WIDEST / all or w end), all
end
local function table_of_file(d)
    local rows = read_table(d.attributes.file)
    if not rows then
        miss(d.attributes.place, "no table %s", d.attributes.file)
        return {}
    end
    local columns = columns_of(rows)
    local widths, all = widths_of(rows, columns)
    local made = table_of(columns, widths, List(rows):map(function(row)
        return columns:map(function(name) return lines_of(row[name]) end)
    end))
    return all > 1.1 and pandoc.Div({ made }, pandoc.Attr("", { "small" })) or made
end

-- Typeset the wrong formulas
-- The rows of a chunk that is made of WRONG(number, label, formula, meaning), below the name of a theory
-- perhaps; nil for other chunks.
local function wrong_rows(d)
    if d.content[2].t ~= "LineBlock" then return end
    local lines = List(d.content[2].content):map(function(line) return pandoc.utils.stringify(line) end)
    local text, rows = table.concat(lines, "\n"), List()
    if not text:gsub('^THEORY%("%l+"%)%s*', ""):match("^WRONG%(") then return end
    for number, label, latex, meaning in text:gmatch('WRONG%((%d+), "(.-)",%s*"(.-)",%s*"(.-)"%)') do
        rows:insert { number = number, label = label, latex = latex:gsub("\\\\", "\\"), meaning = meaning }
    end
    local _, all = text:gsub("WRONG%(", "")
    if #rows ~= all then miss(d.attributes.place, "a wrong formula cannot be read") end
    return rows
end

local function refused_by(row, place)
    for _, r in ipairs(read_table("build/wrong.tsv") or {}) do
        if r.equation == row.label and r.latex == row.latex then return r.net end
    end
    miss(place, "no verdict on mistake %s, %s", row.number, row.latex)
    return "?"
end

local function wrong_table(d, rows)
    local place, out = d.attributes.place, List()
    for _, row in ipairs(rows) do
        local right = formulas[row.label]
        if not right then miss(place, "no equation %s", row.label) end
        local link = pandoc.Link("(" .. (numbers[row.label] or "?") .. ")", "#" .. row.label)
        local is, is_not = pandoc.Emph { pandoc.Str "is" }, pandoc.Emph { pandoc.Str "not" }
        local gap = pandoc.RawInline("latex", "\\rule[-7pt]{0pt}{7pt}")
        local formula = { lines = { { is, pandoc.Space(), math(on_one_line(right or "")), pandoc.Space(), link },
                                    { is_not, pandoc.Space(), math(row.latex), gap } } }
        out:insert { { pandoc.Str(row.number) }, formula, { pandoc.Str(row.meaning) },
                     { pandoc.Str(refused_by(row, place)) } }
    end
    return table_of({ "", "formula", "what it means", "refused by" }, { 0.05, 0.57, 0.36, 0.19 }, out)
end

-- Typeset the table of modules
local chapters, part = List(), nil
local function remember_header(h)
    part = h.attributes.part
    if h.level > 1 then return end
    local same = chapters:filter(function(c) return c.header.identifier == h.attributes.to end)[1]
    chapters:insert { header = h, files = same and same.files or List(), again = same }
end

local function remember_file(d)
    local name = d.classes:includes("chunk") and (d.attributes.name or ""):match("^([%w-]+)%.c$")
    local files = name and part == "trainer" and not name:match("^test") and chapters[#chapters].files
    if files and not files:includes(name) then files:insert(name) end
end

local function modules()
    local rows = List()
    for _, c in ipairs(chapters) do
        local words = List()
        for i, name in ipairs(c.files) do
            if i > 1 then words:insert(pandoc.Str ", ") end
            words:insert(pandoc.Code(name))
        end
        local number = pandoc.Str("Chapter " .. (c.header.attributes.number or "?"))
        if #words > 0 and not c.again then
            rows:insert { { pandoc.Link({ number }, "#" .. c.header.identifier) }, words,
                          { pandoc.Str(c.header.attributes.does or "") } }
        end
    end
    return table_of({ "chapter", "module", "what it does" }, { 0.15, 0.35, 0.5 }, rows)
end

-- Write a formula for an e-book
local polish = dofile("tangled/weaver/polish.lua")
local function formula_epub(m)
    local options = pandoc.WriterOptions { html_math_method = "mathml" }
    local text = pandoc.write(pandoc.Pandoc { pandoc.Plain { m } }, "html5", options)
    return pandoc.RawInline("html", polish(text))
end

-- Put the volumes above the chapters
local function part_page(h)
    local title, about = h.attributes.opens, h.attributes.about
    h.attributes.opens, h.attributes.about = nil, nil
    return { pandoc.Header(2, { pandoc.Str("Part: " .. title) }), pandoc.Para { pandoc.Str(about) } }
end

local function in_volumes(blocks, meta)
    local out, last = List(), 0
    local names = { "Volume I: " .. pandoc.utils.stringify(meta.title), "Volume II: " .. pandoc.utils.stringify(meta.second) }
    for _, b in ipairs(blocks) do
        if b.t == "Header" then
            local volume = b.level == 1 and (tonumber(b.attributes.volume) or 1) or last
            if volume ~= last then out:insert(pandoc.Header(1, { pandoc.Str(names[volume]) }, pandoc.Attr("volume-" .. volume))) end
            last, b.level, b.attributes.volume = volume, b.level + 1, nil
            if b.attributes.opens then out:extend(part_page(b)) end
        end
        out:insert(b)
    end
    return out
end

-- Typeset the whole book
local FAR = List { "ch", "sec", "chunk-place" }
local function page_hint(link)
    local label = link.target:match("^#(.*)$")
    local far = FAR:find_if(function(class) return link.classes:includes(class) end) or not here[label]
    if not link.classes:includes("reference") or not far or not here[label] and not other then return "" end
    return ("\\pagehint{%s}"):format(label)
end

local function term_latex(span)
    if not span.identifier:match("^term:") then return end
    span.content:insert(1, pandoc.RawInline(raw, "\\phantomsection\\label{" .. span.identifier .. "}"))
    span.identifier = ""
    return span
end

local function link_latex(link)
    if not link.target:match("^#") then return end
    local before, after = linked(link.target, "\0"):match("^(.*)%z(.*)$")
    local out = List { pandoc.RawInline(raw, before) }
    out:extend(link.content)
    out:insert(pandoc.RawInline(raw, after .. page_hint(link)))
    return out
end

local function works_latex(d)
    local out = List { pandoc.RawBlock(raw, "\\begingroup\\raggedright") }
    for i, work in ipairs(d.content) do
        if i == #d.content then out:insert(pandoc.RawBlock(raw, "\\nopagebreak")) end
        local before = "\\noindent\\hangindent=1.5em\\hangafter=1\\phantomsection\\label{" .. work.identifier .. "}"
        work.content[1].content:insert(1, pandoc.RawInline(raw, before))
        out:extend(work.content)
    end
    out:insert(pandoc.RawBlock(raw, "\\endgroup"))
    return out
end

local function div(d)
    if d.classes:includes("equation") then return (latex and equation_latex or equation_html)(d) end
    if d.classes:includes("chunk") then return (latex and chunk_latex or chunk_html)(d) end
    if d.classes:includes("exercise") then return exercise(d) end
    if d.identifier == "refs" and latex then return works_latex(d) end
    if d.classes:includes("index") and latex then return index_latex(d) end
    if d.classes:includes("subjects") and latex then return subjects(d) end
    if d.classes:includes("index") and FORMAT:match("epub") then return index_epub(d) end
    if d.classes:includes("small") and latex then
        return { pandoc.RawBlock(raw, "\\begingroup\\let\\tablesize\\footnotesize"), d.content[1],
                 pandoc.RawBlock(raw, "\\endgroup") }
    end
end

local function placeholder(d)
    local rows = d.classes:includes("chunk") and wrong_rows(d)
    if rows then d.content[2] = wrong_table(d, rows) return d end
    if d.classes:includes("notation") then return notation(d.attributes.theory) end
    if d.classes:includes("sheet") then return sheet(d) end
    if d.classes:includes("modules") then return modules() end
    if d.classes:includes("ledger") then return ledger() end
    local special = { ["ledger-summary"] = ledger_summary, sentences = sentences, claims = claims,
                      ["not-executed"] = not_executed, ["numbers-left"] = numbers_left,
                      ["table-of"] = table_of_file, ["text-of"] = text_of_file }
    for name, make in pairs(special) do
        if d.classes:includes(name) then return make(d) end
    end
end

-- Open the parts
local PARTS = {
    complements = { "Complements", "What the chapters of the first volume need besides: headers, tests, and what is " ..
        "to happen when something goes wrong. A complement has the number of its chapter." },
    trainer = { "The Trainer", "Files, the command, and the tools that look into the file of a network." },
    verifier = { "The Verifier", "The machine that reads the equations, runs them, damages them, and keeps the record." },
    exercises = { "The Exercises", "How they are taught, how they are made, and how they are graded." },
    weaver = { "The Weaver", "How the programs are cut out of the source, and how its pages are set." },
    web = { "The Pages", "The book in a browser, where equations answer and the network speaks." },
    indexes = { "Indexes", "For both volumes." },
}
local open_part
-- The name of the part that a header opens, or "".
local function part_opened(h)
    if h.level > 1 or h.attributes.volume ~= "2" then return "" end
    local part = h.attributes.to and "complements" or h.attributes.part or open_part and "indexes"
    if not PARTS[part] or part == open_part then return "" end
    open_part = part
    return part
end

-- Set a header in LaTeX
local function set_counters(number)
    local chapter, section = number:match("^(%d+)%.?(%d*)$")
    local text = ("\\setcounter{chapter}{%d}"):format(section == "" and chapter - 1 or chapter)
    if section ~= "" then text = text .. ("\\setcounter{section}{%d}"):format(section - 1) end
    return pandoc.RawBlock(raw, text)
end

local function header_latex(h, number, opened)
    local out = List { h }
    h.attributes.volume = nil
    if number then out:insert(1, set_counters(number)) end
    if opened then out:insert(1, pandoc.RawBlock(raw, ("\\bookpart{%s}{%s}"):format(opened[1], opened[2]))) end
    if h.level == 1 and h.classes:includes("unnumbered") then
        local title = pandoc.utils.stringify(h)
        out:insert(pandoc.RawBlock(raw, "\\markboth{" .. title .. "}{}"))
    end
    return out
end

local function header(h)
    local number, opened = h.attributes.number, PARTS[part_opened(h)]
    for _, key in ipairs { "number", "part", "does", "theory", "to" } do h.attributes[key] = nil end
    if latex then return header_latex(h, number, opened) end
    if opened then h.attributes.opens, h.attributes.about = opened[1], opened[2] end
    if not number then return h end
    h.content:insert(1, pandoc.Span({ pandoc.Str(number) }, pandoc.Attr("", { "number" })))
    h.content:insert(2, pandoc.Space())
    return h
end

-- Frame what is to be remembered
local function enclosed(environment, block)
    local function say(word) return pandoc.RawBlock(raw, ("\\%s{%s}"):format(word, environment)) end
    return { say "begin", block, say "end" }
end

local function frame(list)
    if not latex then return { pandoc.Div({ list }, pandoc.Attr("", { "remember" })) } end
    return enclosed("remember", list)
end

local function framed(blocks)
    local out, summary = List(), false
    for _, b in ipairs(blocks) do
        out:extend(summary and b.t == "OrderedList" and frame(b) or { b })
        if b.t == "Header" then summary = b.identifier:match("%-summary$") end
    end
    return out
end

-- Set the sources of a chapter apart
local function sources(b)
    local first = b.t == "Para" and b.content[1]
    if not first or first.t ~= "Emph" or pandoc.utils.stringify(first) ~= "Sources." then return b end
    local before = List(latex and { pandoc.RawBlock(raw, "\\sourcesbelow") } or {})
    return pandoc.Div(before .. { b }, pandoc.Attr("", { "sources" }))
end

-- Fit the columns of a table
local function larger(a, b) return a > b and a or b end
local function smaller(a, b) return a < b and a or b end

local function letters_of(x)
    if x.t == "Math" then return utf8.len((x.text:gsub("\\%a+", "x"):gsub("[{}_^ ]", ""))) end
    if x.t == "Code" then return 1.15 * utf8.len(x.text) end
    return x.t == "Str" and utf8.len(x.text) or 1
end

local function word_of(x)
    local longest = 0
    for piece in (x.t == "Code" and x.text or ""):gmatch("%S+") do longest = larger(longest, 1.15 * utf8.len(piece)) end
    return x.t == "Code" and longest or letters_of(x)
end

-- How long the text of some blocks is, and the longest of its words.
local function length_of(blocks)
    local all, longest = 0, 0
    local function count(x)
        all, longest = all + letters_of(x), larger(longest, word_of(x))
    end
    pandoc.walk_block(pandoc.Div(blocks), { Str = count, Space = count, SoftBreak = count, Code = count,
                                            Math = count })
    return all, longest
end

-- The widest that a column may be, so that all of them fit into so many letters.
local function widest(columns, room)
    for cap = room, 1, -1 do
        local sum = 0
        for _, c in ipairs(columns) do sum = sum + larger(c.word, smaller(c.all, cap)) end
        if sum <= room then return cap end
    end
    return 1
end

local function fitted(t)
    local simple = pandoc.utils.to_simple_table(t)
    if not simple.widths[1] or simple.widths[1] == 0 then return end
    local room, columns = LETTERS - 2.5 * (#simple.widths - 1), List()
    for i in ipairs(simple.widths) do
        local c = { all = 0, word = 0 }
        for _, row in ipairs { simple.headers, table.unpack(simple.rows) } do
            local all, word = length_of(row[i])
            c.all, c.word = larger(c.all, all + 1), larger(c.word, word + 1)
        end
        columns[i] = c
    end
    local cap = widest(columns, room)
    simple.widths = columns:map(function(c) return larger(c.word, smaller(c.all, cap)) / room end)
    return pandoc.utils.from_simple_table(simple)
end

-- Keep the last lines of a chapter together
-- Know how many lines a block takes
local ENOUGH, enough = 9, 9
local LINE = 74         -- letters in a line of text
local HIGH = { BulletList = 1, OrderedList = 1, Div = 1, Para = 1, Plain = 1, BlockQuote = 1, CodeBlock = 1 }
function lines_of_block(b)
    if b.t == "RawBlock" then return b.text:match("^\\bookequation") and 3 end
    if not HIGH[b.t] then return nil end
    local lines, whole = 0, true
    local function note(x)
        local letters = length_of { x }
        lines = lines + (letters > 0 and letters // LINE + 1.5 or 0)
    end
    local function literal(x) lines = lines + 0.8 * select(2, x.text:gsub("\n", "\n")) end
    pandoc.walk_block(pandoc.Div { b }, { Para = note, Plain = note, RawInline = literal,
        Table = function() whole = false end })
    return whole and lines or nil
end
local function ends_chapter(following)
    return not following or following.t == "Header" and following.level == 1 or
        following.t == "RawBlock" and (following.text:match("^\\setcounter{chapter}{%d+}$") or following.text:match("^\\bookpart"))
end

local function with_last_lines(blocks)
    local out = List()
    for i = #blocks, 1, -1 do
        if ends_chapter(blocks[i + 1]) then enough = 0 end
        local kept = enough < ENOUGH and lines_of_block(blocks[i])
        enough = kept and enough + kept or ENOUGH
        -- Keep a block with the next
        local way = kept and (enough < ENOUGH and "keptlines" or "lastlines")
        for j, x in ipairs(way and enclosed(way, blocks[i]) or { blocks[i] }) do out:insert(j, x) end
    end
    return out
end

local function short_table(t)
    local rows = 0
    for _, body in ipairs(t.bodies) do rows = rows + #body.body end
    return rows <= 10 and enclosed("shorttable", t) or nil
end
function Pandoc(doc)
    local all = pandoc.Div(doc.blocks)
    pandoc.walk_block(all, { Div = remember_number })
    pandoc.walk_block(all, { traverse = "topdown", Header = remember_header, Div = remember_file })
    -- Keep the volume that is wanted
    local volume = doc.meta.volume and pandoc.utils.stringify(doc.meta.volume)
    other = doc.meta.other and pandoc.utils.stringify(doc.meta.other)
    all = pandoc.Div(blocks_of(volume, all.content))
    note_labels(all.content)
    if volume then doc.meta["volume-" .. volume] = pandoc.MetaBool(true) end
    if latex then all = pandoc.walk_block(all, { Table = fitted }) end
    all = pandoc.walk_block(all, { Div = placeholder, Span = measured })
    if not latex then all = pandoc.walk_block(all, { Math = mathematics }) end
    all = pandoc.walk_block(all, { traverse = "topdown", Div = div, Para = figure,
                                 Figure = figure, Header = header })
    all.content = List(framed(all.content)):map(sources)
    if latex then
        all = pandoc.walk_block(all, { Link = link_latex, CodeBlock = literal, Span = term_latex,
                                       Table = short_table })
        all.content = with_last_lines(all.content)
    end
    if FORMAT:match("epub") then
        all = pandoc.walk_block(all, { Math = formula_epub })
        all = pandoc.Div(in_volumes(all.content, doc.meta))
    end
    if missing > 0 and os.getenv("DRAFT") ~= "1" then
        io.stderr:write("weave: ", missing, " things missing; no book was written\n")
        os.exit(1)
    end
    return pandoc.Pandoc(all.content, doc.meta)
end
