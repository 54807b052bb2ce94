-- generated from chapters/41-weave.nw by noweb; do not edit
local build = os.getenv("BUILD") or "build"
local List = pandoc.List
-- Cut the document into pages
local function cut(blocks)
    local pages, page_of = List(), {}
    for _, b in ipairs(blocks) do
        if b.t == "Header" and b.level == 1 then
            pages:insert { title = b, file = b.identifier:gsub("^ch:", "") .. ".html", blocks = List() }
        end
        if #pages > 0 then pages[#pages].blocks:insert(b) end
    end
    for _, p in ipairs(pages) do note_labels(p, page_of) end
    return pages, page_of
end

function note_labels(page, page_of)
    local function note(x)
        if x.identifier ~= "" then page_of[x.identifier] = page end
    end
    pandoc.walk_block(pandoc.Div(page.blocks),
        { Header = note, Div = note, Figure = note, Image = note, Span = note })
end

-- Translate links between pages
local function translate(page, page_of)
    return { Link = function(link)
        local label = link.target:match("^#(.*)$")
        local target = label and page_of[label]
        if target and target ~= page then link.target = target.file .. link.target end
        return link
    end }
end

-- Write one page
local frame = assert(io.open("tangled/weaver/page.html")):read("a")

-- Names of functions are identifiers, and only \left and \right make brackets grow.
local function polish(math)
    if not math:find("\\left", 1, true) then math = math:gsub('stretchy="true"', 'stretchy="false"') end
    math = math:gsub("(%(</mo><mo)(>−)", '%1 form="prefix"%2')
    return (math:gsub("<mo>(%a%a+)</mo>", "<mi>%1</mi>"))
end

local function html(blocks)
    local text = pandoc.write(pandoc.Pandoc(blocks), "html5", pandoc.WriterOptions(PANDOC_WRITER_OPTIONS))
    return (text:gsub("<math.-</math>", polish))
end

local function framed(title, body, before, after)
    local live = os.getenv("LIVE") == "live" and "yes" or "no"
    local values = { title = title, body = body, before = before, after = after, live = live }
    return (frame:gsub("%%(%l+)%%", values))
end

local LIVING = { { file = "try.html", title = "Try it" } }

local function write_living_pages(book_title)
    for _, p in ipairs(LIVING) do
        local body = assert(io.open("tangled/web/" .. p.file)):read("a")
        local file = assert(io.open(build .. "/html/" .. p.file, "w"))
        file:write(framed(p.title .. " · " .. book_title, body, "", ""))
        assert(file:close())
    end
end

local function link_to_page(page, sign)
    if not page then return "" end
    local name = pandoc.utils.stringify(page.title)
    return ('<a rel="%s" href="%s">%s</a>'):format(sign, page.file, name)
end

local function write_page(pages, i, page_of, book_title)
    local page = pages[i]
    local body = pandoc.walk_block(pandoc.Div(page.blocks), translate(page, page_of)).content
    local title = pandoc.utils.stringify(page.title) .. " · " .. book_title
    local file = assert(io.open(build .. "/html/" .. page.file, "w"))
    file:write(framed(title, html(body), link_to_page(pages[i - 1], "prev"),
                      link_to_page(pages[i + 1], "next")))
    assert(file:close())
end

-- List the contents
local function contents(pages)
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
    return pandoc.Div({ pandoc.BulletList(items) }, pandoc.Attr("contents"))
end

-- Make the site
function Pandoc(doc)
    local pages, page_of = cut(doc.blocks)
    local title = pandoc.utils.stringify(doc.meta.title)
    for i = 1, #pages do write_page(pages, i, page_of, title) end
    if os.getenv("LIVE") == "live" then write_living_pages(title) end
    local first = List { pandoc.Header(1, doc.meta.title, pandoc.Attr("", { "title" })),
                         pandoc.Para { pandoc.Emph(doc.meta.subtitle) },
                         pandoc.Para(doc.meta.author), contents(pages) }
    local page = framed(title, html(first), "", link_to_page(pages[1], "next"))
    return pandoc.Pandoc { pandoc.RawBlock("html", page) }
end
