/* generated from chapters/51-browser.nw by noweb; do not edit */
"use strict";
/* Name what can go wrong */
const FINE = 0, BADF = 8, EXIST = 20, INVAL = 28, NOENT = 44, SPIPE = 70;
const REGULAR = 4, FOLDER = 3, UNKNOWN = 0;
const CREATE = 1, EXCLUSIVE = 4, TRUNCATE = 8;
const encoder = new TextEncoder(), decoder = new TextDecoder();

/* Keep files in memory */
function file(bytes) { return { bytes: bytes, length: bytes.length }; }
function contents(f) { return f.bytes.subarray(0, f.length); }

function put(f, at, data) {
  const end = at + data.length;
  if (end > f.bytes.length) {
    const more = new Uint8Array(Math.max(2 * f.bytes.length, end, 256));
    more.set(contents(f));
    f.bytes = more;
  }
  f.bytes.set(data, at);
  f.length = Math.max(f.length, end);
}
class System {
  /* Begin with arguments, input and files */
  constructor(argv, files, input) {
    this.argv = argv.map(a => encoder.encode(a + "\0"));
    this.files = new Map(Object.entries(files || {}).map(([name, bytes]) => [name, file(bytes)]));
    this.opened = [file(encoder.encode(input || "")), file(new Uint8Array(0)), file(new Uint8Array(0)), null]
      .map(f => f && { file: f, at: 0 });
    this.folder = 3;
  }
  /* Look into the memory of the program */
  get view() { return new DataView(this.memory.buffer); }
  part(at, length) { return new Uint8Array(this.memory.buffer, at, length); }
  name(at, length) { return decoder.decode(this.part(at, length).slice()).replace(/^(\.\/)+/, ""); }
  // The pieces of memory in a list of (address, length) pairs.
  pieces(list, count) {
    const view = this.view;
    return Array.from({ length: count }, (_, i) =>
      this.part(view.getUint32(list + 8 * i, true), view.getUint32(list + 8 * i + 4, true)));
  }
  /* Hand over the arguments */
  args_sizes_get(count, size) {
    this.view.setUint32(count, this.argv.length, true);
    this.view.setUint32(size, this.argv.reduce((sum, a) => sum + a.length, 0), true);
    return FINE;
  }
  args_get(list, at) {
    for (const [i, a] of this.argv.entries()) {
      this.view.setUint32(list + 4 * i, at, true);
      this.part(at, a.length).set(a);
      at += a.length;
    }
    return FINE;
  }

  environ_sizes_get(count, size) {
    this.view.setUint32(count, 0, true);
    this.view.setUint32(size, 0, true);
    return FINE;
  }
  environ_get() { return FINE; }
  sched_yield() { return FINE; }
  poll_oneoff() { return BADF; }
  random_get(at, length) {
    crypto.getRandomValues(this.part(at, length));
    return FINE;
  }
  clock_time_get(clock, precision, at) {
    this.view.setBigUint64(at, BigInt(Math.round(performance.now() * 1e6)), true);
    return FINE;
  }
  /* Read and write */
  fd_read(fd, list, count, done) {
    const o = this.opened[fd];
    if (!o) return BADF;
    const from = o.at;
    for (const piece of this.pieces(list, count)) {
      const data = contents(o.file).subarray(o.at, o.at + piece.length);
      piece.set(data);
      o.at += data.length;
    }
    this.view.setUint32(done, o.at - from, true);
    return FINE;
  }

  fd_write(fd, list, count, done) {
    const o = this.opened[fd];
    if (!o) return BADF;
    const from = o.at;
    for (const piece of this.pieces(list, count)) {
      put(o.file, o.at, piece);
      o.at += piece.length;
    }
    this.view.setUint32(done, o.at - from, true);
    return FINE;
  }

  fd_seek(fd, offset, whence, result) {
    const o = this.opened[fd];
    if (!o) return BADF;
    if (fd < this.folder) return SPIPE;
    const at = Number(offset) + [0, o.at, o.file.length][whence];
    if (!(at >= 0)) return INVAL;
    o.at = at;
    this.view.setBigUint64(result, BigInt(at), true);
    return FINE;
  }
  /* Open and close */
  fd_prestat_get(fd, at) {
    if (fd !== this.folder) return BADF;
    this.view.setUint32(at, 0, true);
    this.view.setUint32(at + 4, 1, true);
    return FINE;
  }
  fd_prestat_dir_name(fd, at) {
    this.part(at, 1)[0] = ".".charCodeAt(0);
    return FINE;
  }

  path_open(fd, look, at, length, how, rights, inherited, flags, result) {
    const name = this.name(at, length);
    const known = this.files.get(name), folder = name === "." || this.names(name).length > 0;
    if (known && how & EXCLUSIVE) return EXIST;
    if (!known && !folder && !(how & CREATE)) return NOENT;
    if (!known && !folder) this.files.set(name, file(new Uint8Array(0)));
    if (known && how & TRUNCATE) known.length = 0;
    this.opened.push(folder ? { folder: name, at: 0 } : { file: this.files.get(name), at: 0 });
    this.view.setUint32(result, this.opened.length - 1, true);
    return FINE;
  }

  fd_close(fd) {
    if (!this.opened[fd]) return BADF;
    this.opened[fd] = undefined;
    return FINE;
  }
  path_rename(fd, from, length, to, at, size) {
    const old = this.name(from, length), name = this.name(at, size);
    if (!this.files.has(old)) return NOENT;
    this.files.set(name, this.files.get(old));
    this.files.delete(old);
    return FINE;
  }

  path_unlink_file(fd, at, length) {
    return this.files.delete(this.name(at, length)) ? FINE : NOENT;
  }
  fd_sync() { return FINE; }
  fd_fdstat_set_flags() { return FINE; }
  /* Look at files and folders */
  names(folder) {
    const before = folder === "." ? "" : folder + "/";
    const inside = [...this.files.keys()].filter(n => n.startsWith(before))
      .map(n => n.slice(before.length).split("/")[0]);
    return [...new Set(inside)];
  }

  fd_readdir(fd, at, room, cookie, used) {
    const names = this.names(this.opened[fd] ? this.opened[fd].folder : ".");
    const all = file(new Uint8Array(0));
    names.slice(Number(cookie)).forEach((name, i) => {
      const letters = encoder.encode(name), entry = new DataView(new ArrayBuffer(24));
      entry.setBigUint64(0, cookie + BigInt(i + 1), true);
      entry.setUint32(16, letters.length, true);
      entry.setUint8(20, this.files.has(name) ? REGULAR : FOLDER);
      put(all, all.length, new Uint8Array(entry.buffer));
      put(all, all.length, letters);
    });
    const data = contents(all).subarray(0, room);
    this.part(at, data.length).set(data);
    this.view.setUint32(used, data.length, true);
    return FINE;
  }

  stat(at, kind, size) {
    this.part(at, 64).fill(0);
    this.view.setUint8(at + 16, kind);
    this.view.setBigUint64(at + 32, BigInt(size), true);
    return FINE;
  }
  path_filestat_get(fd, look, name, length, at) {
    const n = this.name(name, length), f = this.files.get(n);
    if (f) return this.stat(at, REGULAR, f.length);
    return n === "." || this.names(n).length > 0 ? this.stat(at, FOLDER, 0) : NOENT;
  }

  fd_filestat_get(fd, at) {
    const o = this.opened[fd];
    if (fd === this.folder || o && !o.file) return this.stat(at, FOLDER, 0);
    return o ? this.stat(at, fd < this.folder ? UNKNOWN : REGULAR, o.file.length) : BADF;
  }

  fd_fdstat_get(fd, at) {
    const o = this.opened[fd], folder = fd === this.folder || o && !o.file;
    if (!o && !folder) return BADF;
    this.part(at, 24).fill(0);
    this.view.setUint8(at, folder ? FOLDER : fd < this.folder ? UNKNOWN : REGULAR);
    this.view.setBigUint64(at + 8, ~0n, true);
    this.view.setBigUint64(at + 16, ~0n, true);
    return FINE;
  }
  /* Offer all this to a program */
  proc_exit(status) { throw { status: status }; }
  get imports() {
    const methods = Object.getOwnPropertyNames(System.prototype).filter(n => n.includes("_"));
    return { wasi_snapshot_preview1: Object.fromEntries(methods.map(n => [n, this[n].bind(this)])) };
  }
  async load(program) {
    const instance = await WebAssembly.instantiate(program, this.imports);
    this.memory = instance.exports.memory;
    return instance.exports;
  }
}
/* Run a program to its end */
async function run(program, { argv, files, input }) {
  const system = new System(argv, files, input), exports = await system.load(program);
  let status = 0;
  try { exports._start(); } catch (end) {
    if (end.status === undefined) throw end;
    status = end.status;
  }
  const text = fd => decoder.decode(contents(system.opened[fd].file));
  const written = Object.fromEntries([...system.files].map(([name, f]) => [name, contents(f)]));
  return { status: status, out: text(1), err: text(2), files: written,
           memory: system.memory.buffer.byteLength };
}
