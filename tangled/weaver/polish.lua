-- generated from chapters/41-weave.nw by noweb; do not edit
-- Returns a function that takes the MathML of one formula and returns it as it should be set.
return function(math)
    if not math:find("\\left", 1, true) then math = math:gsub('stretchy="true"', 'stretchy="false"') end
    if math:find('^<math display="block"') then math = math:gsub("<mtable", '<mtable displaystyle="true"') end
    math = math:gsub("(%(</mo><mo)(>−)", '%1 form="prefix"%2')
    math = math:gsub("(<mrow><m%l>[^<]+</m%l><mo)(>[+−]</mo><m%l>[^<]+</m%l></mrow>)", '%1 lspace="0" rspace="0"%2')
    return (math:gsub("<mo>(%a%a+)</mo>", "<mi>%1</mi>"))
end
