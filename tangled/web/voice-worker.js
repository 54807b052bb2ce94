/* generated from chapters/55-page-network.nw by noweb; do not edit */
let program, exports_of, voice, system, stopped;
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

/* Call the voice */
async function fresh(name, bytes) {
  system = new System([], { [name]: bytes }, "");
  exports_of = await system.load(await program);
  exports_of._initialize();
  voice = exports_of.voice_new();
  const letters = encoder.encode(name + "\0"), at = exports_of.voice_room(letters.length);
  system.part(at, letters.length).set(letters);
  return at;
}

function or_why(status) {
  if (status === 0) return { hidden: exports_of.voice_hidden(voice), symbols: exports_of.voice_symbols(voice) };
  const at = exports_of.voice_why(voice), bytes = new Uint8Array(system.memory.buffer, at);
  throw new Error(decoder.decode(bytes.slice(0, bytes.indexOf(0))));
}

async function load({ network }) {
  const path = await fresh("network", new Uint8Array(await unpack(network)));
  return or_why(exports_of.voice_load(voice, path));
}

async function begin({ text, hidden, length, streams, steps, rate, seed }) {
  const path = await fresh("text", encoder.encode(text));
  return or_why(exports_of.voice_begin(voice, path, hidden, length, streams, steps, rate, seed));
}

/* Speak and tell */
function likely(tau) {
  const m = exports_of.voice_symbols(voice), q = new Float32Array(system.memory.buffer, exports_of.voice_chances(voice, tau), m);
  return [...q.keys()].sort((a, b) => q[b] - q[a]).slice(0, 8).map(i => [exports_of.voice_code(voice, i), q[i]]);
}

function state() {
  return new Float32Array(system.memory.buffer, exports_of.voice_state(voice), exports_of.voice_hidden(voice)).slice();
}

function speak({ prompt, length, tau, seed }) {
  or_why(exports_of.voice_start(voice, seed));
  const said = [];
  for (const letter of prompt) {
    const chances = likely(tau), code = letter.codePointAt(0);
    if (exports_of.voice_hear(voice, code) !== 0) throw new Error("the network has never met “" + letter + "”");
    said.push({ code, chances, state: state(), heard: true });
  }
  for (let i = 0; i < length; i++) {
    const chances = likely(tau), code = exports_of.voice_speak(voice, tau);
    said.push({ code, chances, state: state() });
  }
  return { said, next: likely(tau) };
}

/* Train in slices */
async function train({ id }) {
  stopped = false;
  for (let steps = 0, loss = 0; !stopped && !Number.isNaN(loss);) {
    const losses = [], end = performance.now() + 100;
    while (performance.now() < end && !Number.isNaN(loss = exports_of.voice_step(voice))) losses.push(loss);
    steps += losses.length;
    postMessage({ id, progress: { steps, losses, memory: system.memory.buffer.byteLength } });
    await new Promise(resolve => setTimeout(resolve));
  }
  return or_why(0);
}
const DEEDS = { load, begin, speak, train };
onmessage = async ({ data }) => {
  try {
    if (data.pack) program = unpack(data.pack).then(bytes => WebAssembly.compile(bytes));
    else if (data.stop) stopped = true;
    else postMessage({ id: data.id, result: await DEEDS[data.deed](data) });
  } catch (error) { postMessage({ id: data.id, error: reason(error) }); }
};
