/* generated from chapters/51-browser.nw by noweb; do not edit */
let program;
/* Unpack a program */
function reason(error) {
  if (error instanceof RangeError) return "this is nested too deeply for a page";
  return String(error && error.message || error);
}

async function unpack(letters) {
  const bytes = Uint8Array.from(atob(letters), c => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
onmessage = async ({ data }) => {
  try {
    if (data.pack) program = unpack(data.pack).then(bytes => WebAssembly.compile(bytes));
    else postMessage({ id: data.id, result: await run(await program, data) });
  } catch (error) { postMessage({ id: data.id, error: reason(error) }); }
};
