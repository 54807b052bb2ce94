-- generated from chapters/41-weave.nw by noweb; do not edit
local INDEXED = { msub = true, msup = true, msubsup = true, munder = true, mover = true, munderover = true }
local ROW = { mrow = true, mtd = true }

-- Tell letters, signs and names apart
local LETTER = { mi = true, mn = true, msub = true, msup = true, msubsup = true, mfrac = true, mover = true, msqrt = true }
local EXPECTS = {}              -- signs that something has to follow
for sign in ("= ≔ ≤ ≥ ≠ ≈ &lt; &gt; → ↦ ∈ , + − × ⊙ ⊘"):gmatch("%S+") do EXPECTS[sign] = true end

local function kind_of(tag, attributes, text)
    if tag == "mo" and attributes:find('form="postfix"') or tag == "mrow" then return "bracket" end
    if tag == "mo" and (EXPECTS[text] or attributes:find('form="prefix"')) then return "sign" end
    if tag == "mi" and text:find("^%a%a+$") then return "name" end
    return LETTER[tag] and "letter" or ""
end

-- Set the spaces of a formula
local GAP = '<mspace width="0.167em"/>'
local function in_its_place(parent, tag, attributes, text, index)
    local before, kind = parent.last, kind_of(tag, attributes, text)
    parent.children, parent.last = parent.children + 1, kind
    if tag == "mo" and not attributes:find("form=") and not attributes:find("accent=") then
        if index then attributes = attributes .. ' lspace="0" rspace="0"'
        elseif before == "sign" and (text == "−" or text == "+") then attributes = attributes .. ' form="prefix"' end
    end
    local apart = before == "name" and LETTER[tag] or kind == "name" and (before == "letter" or before == "bracket")
    return (ROW[parent.tag] and apart and GAP or "") .. "<" .. tag .. attributes .. ">" .. text
end

local function spaced(math)
    local open = { { children = 0 } }
    return (math:gsub("<(/?)(%l+)([^>]*)>([^<]*)", function(close, tag, attributes, text)
        if close ~= "" then open[#open] = nil return end
        local parent = open[#open]
        local index = parent.index or INDEXED[parent.tag] and parent.children > 0
        local out = in_its_place(parent, tag, attributes, text, index)
        if attributes:sub(-1) ~= "/" then open[#open + 1] = { tag = tag, index = index, children = 0 } end
        return out
    end))
end
-- Returns a function that takes the MathML of one formula and returns it as it should be set.
return function(math)
    if not math:find("\\left", 1, true) then math = math:gsub('stretchy="true"', 'stretchy="false"') end
    if math:find('^<math display="block"') then math = math:gsub("<mtable", '<mtable displaystyle="true"') end
    return spaced((math:gsub("<mo>(%a%a+)</mo>", "<mi>%1</mi>")))
end
