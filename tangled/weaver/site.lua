-- generated from chapters/41-weave.nw by noweb; do not edit
local build = os.getenv("BUILD") or "build"
local List = pandoc.List
local live = os.getenv("LIVE") == "live"
local LIVING = { { file = "search.html", title = "Search" },
                 { file = "try.html", title = "Try it", side = true },
                 { file = "progress.html", title = "Exercises", side = true },
                 { file = "speak.html", title = "The network speaks", side = true } }
local link_to_page, sections_of, note_sections, write_living_pages
local shorten, short_labels = nil, {}
-- Cut the document into pages
local function cut(blocks)
    local pages, page_of = List(), {}
    for _, b in ipairs(blocks) do
        if b.t == "Header" and b.level == 1 then
            pages:insert { title = b, file = b.identifier:gsub("^ch:", "") .. ".html", blocks = List(),
                           volume = tonumber(b.attributes.volume) or 1,
                           opens = b.attributes.opens, about = b.attributes.about }
            for _, key in ipairs { "volume", "opens", "about" } do b.attributes[key] = nil end
        end
        if #pages > 0 then pages[#pages].blocks:insert(b) end
    end
    for _, p in ipairs(pages) do note_labels(p, page_of) end
    return pages, page_of
end

function note_labels(page, page_of)
    local taken = {}
    local function note(x)
        if x.identifier ~= "" then page_of[x.identifier] = page end
        shorten(x.identifier, taken)
    end
    pandoc.walk_block(pandoc.Div(page.blocks),
        { Header = note, Div = note, Figure = note, Image = note, Span = note })
end

function shorten(label, taken)
    local letters = label:match("^NW%w+%-%w*(%w%w%w%-%w+)$")
    if not letters or taken[letters] then return end
    taken[letters], short_labels[label] = true, "c" .. letters
end

-- Name the volumes
local VOLUMES = {}
local function name_volumes(meta)
    VOLUMES[1] = "Volume I: " .. pandoc.utils.stringify(meta.title)
    VOLUMES[2] = "Volume II: " .. pandoc.utils.stringify(meta.second)
end

-- The pages of a volume.
local function pages_of(volume, pages) return pages:filter(function(p) return p.volume == volume end) end

-- Translate links between pages
local function translate(page, page_of)
    return { Link = function(link)
        local label = link.target:match("^#(.*)$")
        local target = label and page_of[label]
        if target and target ~= page then link.target = target.file .. link.target end
        return link
    end }
end

-- List what stands at the side
local function entry(file, text, here)
    return ('<li><a href="%s"%s>%s</a>'):format(file, here and ' aria-current="page"' or "", text)
end

local function chapters_at_side(out, pages, present)
    for _, p in ipairs(pages) do
        if p.opens then out:insert('<li class="part">' .. p.opens) end
        out:insert(entry(p.file, pandoc.utils.stringify(p.title), p == present))
        if p == present then out:insert(sections_of(p)) end
    end
end

local function side(pages, present)
    local out = List { entry("index.html", "Back Through Time", present == "index.html") }
    for _, p in ipairs(LIVING) do
        if p.side and live then out:insert(entry(p.file, p.title, present == p.file)) end
    end
    for volume, name in ipairs(VOLUMES) do
        local own = volume == (present.volume or 1)
        out:insert(('<li class="volume"><a href="index.html#volume-%d">%s</a>'):format(volume, name))
        if own then chapters_at_side(out, pages_of(volume, pages), present) end
    end
    return table.concat(out, "\n")
end

function sections_of(page)
    local out = List()
    for _, b in ipairs(page.blocks) do
        if b.t == "Header" and b.level == 2 then
            out:insert(entry("#" .. b.identifier, pandoc.utils.stringify(b), false))
        end
    end
    return #out > 0 and "<ul>" .. table.concat(out, "\n") .. "</ul>" or ""
end

-- Write one page
local frame = assert(io.open("tangled/weaver/page.html")):read("a")

local polish = dofile("tangled/weaver/polish.lua")
local TOGETHER = utf8.char(0x2060)
local function html(blocks)
    local text = pandoc.write(pandoc.Pandoc(blocks), "html5", pandoc.WriterOptions(PANDOC_WRITER_OPTIONS))
    return (text:gsub("<math.-</math>", polish):gsub("NW%w+%-%w+%-%w+", short_labels)
        :gsub("<pre.-</pre>", function(code) return (code:gsub("&quot;", '"')) end)
        :gsub('(data%-latex=.-</math>)', function(equation) return (equation:gsub("<annotation.-</annotation>", "")) end)
        :gsub("</math>([,.;:!?)])", "</math>" .. TOGETHER .. "%1"):gsub("%(<math", "(" .. TOGETHER .. "<math")
        :gsub(' xmlns="http://www.w3.org/1998/Math/MathML"', ""):gsub(' display="inline"', "")
        :gsub(' class="identifier"', ""):gsub(' class="chunk%-number"', ""))
end

local function framed(page)
    local values = { title = page.title, body = page.body, side = page.side, live = live and "yes" or "no" }
    values.before, values.previous = link_to_page(page.neighbours[1], "prev")
    values.after, values.next = link_to_page(page.neighbours[2], "next")
    return (frame:gsub("%%(%l+)%%", values))
end

local function save(name, text)
    local file = assert(io.open(build .. "/html/" .. name, "w"))
    file:write(text)
    assert(file:close())
end

function link_to_page(page, sign)
    if not page then return "", "" end
    local name = pandoc.utils.stringify(page.title)
    local back = sign == "prev"
    local arrow = back and "←" or "→"
    local text = back and arrow .. " " .. name or name .. " " .. arrow
    return ('<a rel="%s" href="%s">%s</a>'):format(sign, page.file, text),
        ('<a class="arrow" href="%s" aria-label="%s: %s">%s</a>'):format(page.file,
            back and "Previous chapter" or "Next chapter", name, arrow)
end

-- Give headings an anchor
local function with_anchor(h)
    if h.identifier == "" then return end
    local link = pandoc.Link("§", "#" .. h.identifier, "", pandoc.Attr("", { "anchor" },
        { ["aria-label"] = "Link to “" .. pandoc.utils.stringify(h) .. "”" }))
    h.content:insert(pandoc.Space())
    h.content:insert(link)
    return h
end

local function with_scope(t)
    local text = pandoc.write(pandoc.Pandoc { t }, "html5", pandoc.WriterOptions(PANDOC_WRITER_OPTIONS))
    text = text:gsub("<math.-</math>", polish):gsub("<th([ >])", '<th scope="col"%1')
        :gsub("<td([^>]*)>([%d.]+e%-%d+)</td>", '<td%1><span class="number">%2</span></td>')
    return pandoc.RawBlock("html", '<div class="table">' .. text .. "</div>")
end

-- Collect the text of the sections
local found, places_of, note_words = List(), {}
local NAMED = { ["&lt;"] = "<", ["&gt;"] = ">", ["&amp;"] = "&", ["&quot;"] = '"' }

local function text_of(b)
    local parts = List()
    if b.classes and b.classes:includes("chunk") then b = b.content[1] end
    pandoc.walk_block(pandoc.Div { b }, {
        Str = function(x) parts:insert(x.text) end, Space = function() parts:insert(" ") end,
        SoftBreak = function() parts:insert(" ") end, Code = function(x) parts:insert(x.text) end,
        Math = function(x) parts:insert(x.text) end,
        RawInline = function(x) parts:insert((x.text:gsub("<.->", ""):gsub("&%l+;", NAMED))) end })
    return table.concat(parts)
end

function note_sections(page)
    if page.title.classes:includes("index") then return end
    local title, address, text = pandoc.utils.stringify(page.title), page.file, List()
    local chapter = title
    local function close()
        found:insert { title, address }
        note_words(table.concat(text, " "), #found)
    end
    for i, b in ipairs(page.blocks) do
        if b.t == "Header" and i > 1 then
            close()
            title, text = pandoc.utils.stringify(b) .. " · " .. chapter, List()
            address = page.file .. "#" .. b.identifier
        elseif i > 1 then text:insert(text_of(b)) end
    end
    close()
end

function note_words(text, section)
    text = (pandoc.text or require("text")).lower(text)
    text = text:gsub("\226[\128-\175][\128-\191]", " "):gsub("\194[\128-\191]", " ")
    for word in text:gmatch("[%w_\128-\255]+") do
        local places = places_of[word] or List()
        if #places == 0 or places[#places][1] ~= section then places:insert { section, 0 } end
        places[#places][2] = places[#places][2] + 1
        places_of[word] = places
    end
end

-- Write scripts of what was found
local GAPS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

local function letters_for(places)
    local out, before = List(), 0
    for _, p in ipairs(places) do
        local gap, count = p[1] - before - 1, math.min(p[2], 9)
        out:insert(("."):rep(gap // #GAPS) .. GAPS:sub(gap % #GAPS + 1, gap % #GAPS + 1))
        if count > 1 then out:insert(tostring(count)) end
        before = p[1]
    end
    return table.concat(out)
end

local function quoted(text)
    return '"' .. text:gsub('[\\"]', "\\%0"):gsub("%c", " "):gsub("</", "<\\/") .. '"'
end

local function write_sections()
    local lines, words = List(), List()
    for _, f in ipairs(found) do lines:insert("[" .. quoted(f[1]) .. "," .. quoted(f[2]) .. "]") end
    for word, places in pairs(places_of) do words:insert(word .. " " .. letters_for(places)) end
    words:sort()
    save("sections.js", "Book.sections = [\n" .. table.concat(lines, ",\n") .. "\n];\n" ..
        "Book.words = `\n" .. table.concat(words, "\n") .. "\n`;\n")
end

local function write_places(pages)
    local lines, named = List(), {}
    local function note(page)
        return function(d)
            if not d.identifier:match("^ex:") then return end
            lines:insert(quoted(d.identifier) .. ": " .. quoted(page.file))
            if not named[page] then lines:insert(quoted(page.file) .. ": " .. quoted(pandoc.utils.stringify(page.title))) end
            named[page] = true
        end
    end
    for _, page in ipairs(pages) do pandoc.walk_block(pandoc.Div(page.blocks), { Div = note(page) }) end
    save("live/places.js", "Book.places = {\n" .. table.concat(lines, ",\n") .. "\n};\n")
end

-- Write the pages that are no chapters
function write_living_pages(pages, book_title)
    for _, p in ipairs(LIVING) do
        local body = assert(io.open("tangled/web/" .. p.file)):read("a")
        if live or not p.side then
            save(p.file, framed { title = p.title .. " · " .. book_title, body = body,
                                  side = side(pages, p.file), neighbours = {} })
        end
    end
end

-- Write each chapter
local function write_page(pages, i, page_of, book_title)
    local page = pages[i]
    local body = pandoc.walk_block(pandoc.Div(page.blocks), translate(page, page_of)).content
    note_sections(page)
    body = pandoc.walk_block(pandoc.Div(body), { Header = with_anchor, Table = with_scope }).content
    local title = pandoc.utils.stringify(page.title)
    save(page.file, framed { title = title .. " · " .. book_title, body = html(body), side = side(pages, page),
                             neighbours = { pages[i - 1], pages[i + 1] } })
end

-- List the contents
local LIVING_WORDS = [[The equations in these pages answer. Press *try* beside one, change a sign, and the
    checker says what is wrong. Shapes and derivations among the exercises are graded where they stand.
    All of this happens in the browser, and nothing is sent anywhere.]]
local function living_links()
    if not live then return {} end
    local links = List()
    for _, p in ipairs(LIVING) do
        if p.side then links:extend { pandoc.Link(p.title, p.file), pandoc.Str " · " } end
    end
    links:remove()
    return { pandoc.Div(pandoc.read(LIVING_WORDS).blocks, pandoc.Attr("", { "living" })), pandoc.Para(links) }
end

local function contents_of(pages)
    local items = List()
    for _, p in ipairs(pages) do
        local sections = List()
        for _, b in ipairs(p.blocks) do
            if b.t == "Header" and b.level == 2 then
                sections:insert { pandoc.Plain { pandoc.Link(b.content, p.file .. "#" .. b.identifier) } }
            end
        end
        local item = List { pandoc.Plain { pandoc.Link(p.title.content, p.file) } }
        if #sections > 0 then item:insert(pandoc.BulletList(sections)) end
        items:insert(item)
    end
    return pandoc.BulletList(items)
end

local function in_parts(pages)
    local parts = List()
    for _, p in ipairs(pages) do
        if p.opens or #parts == 0 then
            parts:insert { title = p.opens, about = p.about, pages = List() }
        end
        parts[#parts].pages:insert(p)
    end
    return parts
end

local function heading_of(part)
    return { pandoc.Header(3, { pandoc.Str(part.title) }), pandoc.Para { pandoc.Str(part.about) } }
end

local function contents(pages)
    local out = List()
    for volume, name in ipairs(VOLUMES) do
        out:insert(pandoc.Header(2, { pandoc.Str(name) }, pandoc.Attr("volume-" .. volume)))
        for _, part in ipairs(in_parts(pages_of(volume, pages))) do
            if part.title then out:extend(heading_of(part)) end
            out:insert(contents_of(part.pages))
        end
    end
    return pandoc.Div(out, pandoc.Attr("contents"))
end

-- Make the site
function Pandoc(doc)
    local pages, page_of = cut(doc.blocks)
    local title = pandoc.utils.stringify(doc.meta.title)
    name_volumes(doc.meta)
    for i = 1, #pages do write_page(pages, i, page_of, title) end
    write_living_pages(pages, title)
    write_sections()
    if live then write_places(pages) end
    local first = List { pandoc.Header(1, doc.meta.title, pandoc.Attr("", { "title" })),
                         pandoc.Para { pandoc.Emph(doc.meta.subtitle) },
                         pandoc.Para(doc.meta.author) }
    first:extend(living_links())
    first:insert(contents(pages))
    local page = framed { title = title, body = html(first), side = side(pages, "index.html"),
                          neighbours = { nil, pages[1] } }
    return pandoc.Pandoc { pandoc.RawBlock("html", page) }
end
