/**
 * A function of two instructions on vectors: where it is valid, all are.
 */
export const VECTORS = "&ubvdun'&&&'+'ua&'vl)('&0.',&g&#51";

/**
 * What is said where vectors are missing.
 */
export const NO_VECTORS =
  "this platform has no WebAssembly with SIMD: compile for the target 'auto' or 'js'";

/**
 * What is said where compiling takes time.
 */
export const NOT_READY =
  "the WebAssembly of this module is not compiled yet: first await the 'ready' of its model or function";

/**
 * Bytes out of a text: one character for each of the most frequent ones, two for
 * others.
 */
export function bytesOf(text) {
  const bytes = new Uint8Array(text.length);
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    bytes[count++] =
      code < 111 ? code - 38 : (code - 111) * 16 + text.charCodeAt(++at) - 97;
  }
  return bytes.subarray(0, count);
}

/**
 * The bytes of a file; in Node `fetch` knows no files.
 */
export async function readBytes(url) {
  if (url.protocol === "file:" && globalThis.process?.getBuiltinModule) {
    const { readFile } = process.getBuiltinModule("node:fs/promises");
    return new Uint8Array(await readFile(url));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`cannot read ${url}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * Whether there is WebAssembly, with vectors.
 */
export function hasVectors() {
  return (
    typeof WebAssembly === "object" && WebAssembly.validate(bytesOf(VECTORS))
  );
}

/**
 * Memory given away from `start` on, in pieces that begin at multiples of 16;
 * behind them lies what methods compute on the way. Without memory what would
 * be given away is only counted.
 */
export function memoryArea({ start, slack }, memory, kernels = {}) {
  let end = start;
  let behind = start;
  let turns = arraysByTurn();
  const known = new Map();
  const claim = (bytes) => {
    const at = end;
    end += Math.ceil(bytes / 16) * 16;
    return at;
  };
  const grow = (needed) => {
    const missing = pagesOf(needed + slack) - memory.buffer.byteLength / 65536;
    if (missing > 0) memory.grow(missing);
  };
  const view = (Type, at, count) =>
    memory ? new Type(memory.buffer, at, count) : new Type(0);
  const own = (Type, count) =>
    view(Type, claim(Type.BYTES_PER_ELEMENT * count), count);
  return {
    kernels,
    begin: () => turns.begin(),
    turns: () => turns,
    own,
    end: () => end,
    size: () => end + findPlaces(turns.methods),
    /** All over again, with room for as much as was counted. */
    restart(plan, needed) {
      if (plan) {
        grow(needed);
        behind = plan.end();
        turns = plan.turns();
        turns.restart();
      }
      end = start;
      known.clear();
    },
    /** For what is computed on the way, from one step of a method to another. */
    array(Type, count, from, until) {
      const bytes = Type.BYTES_PER_ELEMENT * count;
      const { room, at } = turns.next(bytes, from, until);
      return view(Type, (room?.owner ?? behind) + at, count);
    },
    /** For a result: others may use it before the step that first writes it. */
    result(Type, count, from) {
      const bytes = Type.BYTES_PER_ELEMENT * count;
      const at = claim(bytes);
      if (from > 0) turns.lend(at, bytes, from);
      return view(Type, at, count);
    },
    /** An array that has a name: the same for all methods. */
    shared(name, Type, count) {
      if (!known.has(name)) known.set(name, own(Type, count));
      return known.get(name);
    },
    table(values) {
      if (known.has(values)) return known.get(values);
      const copy = own(values.constructor, values.length);
      if (memory) copy.set(values);
      known.set(values, copy);
      return copy;
    },
    /** An address: the memory may grow later. */
    reserve(Type, count) {
      const at = claim(Type.BYTES_PER_ELEMENT * count);
      grow(end);
      return at;
    },
    write(values) {
      const at = claim(values.byteLength);
      grow(end);
      new values.constructor(memory.buffer, at, values.length).set(values);
      return at;
    },
    read: (Type, at, count) => new Type(memory.buffer, at, count).slice(),
  };
}

/**
 * Pages of memory for so many bytes.
 */
export function pagesOf(bytes) {
  if (bytes > 2 ** 31)
    throw new RangeError(
      `these sizes take ${(bytes / 2 ** 30).toFixed(1)} GiB; kernels in WebAssembly have at most 2`,
    );
  return Math.ceil(bytes / 65536);
}

/**
 * Copies a result into memory, unless it is there.
 */
export function copyInto(target, values) {
  if (values !== target) target.set(values);
}

/**
 * The same values in arrays of their own.
 */
export function detached(value) {
  if (typeof value !== "object") return value;
  if (ArrayBuffer.isView(value)) return value.slice();
  const copy = {};
  for (const name in value) copy[name] = detached(value[name]);
  return copy;
}

/**
 * The kernels of a module, compiled once, when they are first needed: `bytes`
 * gives what is compiled, at once or later. Each memory has an instance.
 * They are optional where the module has others, in JavaScript.
 */
export function webAssembly(bytes, imports, layout) {
  let compiled;
  let loading;
  let refusal;
  let scratch;

  const load = async (code) => {
    if (hasVectors()) compiled ??= await WebAssembly.compile(await code);
    else if (!layout.optional) throw new Error(NO_VECTORS);
  };
  const compileNow = () => {
    if (!hasVectors()) throw new Error(NO_VECTORS);
    const code = bytes();
    if (code instanceof Promise) {
      loading ??= load(code);
      loading.catch(() => {});
      throw new Error(NOT_READY);
    }
    try {
      return new WebAssembly.Module(code);
    } catch (cause) {
      // A browser's page may not wait for large modules.
      if (cause instanceof RangeError) throw new Error(NOT_READY, { cause });
      throw cause;
    }
  };
  const compile = () => {
    if (!compiled && refusal) throw refusal;
    try {
      compiled ??= compileNow();
    } catch (error) {
      refusal = error;
      throw error;
    }
    return compiled;
  };
  const open = (bytes, grows) => {
    const module = compile();
    const initial = pagesOf(bytes + layout.slack);
    const most = grows ? {} : { maximum: initial };
    const memory = new WebAssembly.Memory({ initial, ...most });
    let numbers;
    const view = () => {
      if (numbers?.buffer !== memory.buffer)
        numbers = new Float64Array(memory.buffer);
      return numbers;
    };
    const nnc = { memory, ...imports(view) };
    const { exports } = new WebAssembly.Instance(module, { nnc });
    return memoryArea(layout, memory, exports);
  };
  const methodsIn = (area, sizes, binders) => {
    const methods = {};
    for (const name in binders) {
      area.begin();
      methods[name] = binders[name](sizes, area);
    }
    return methods;
  };

  return {
    /** Resolves when kernels can be called. */
    ready() {
      loading ??= load(bytes());
      return loading;
    },
    /** Whether kernels can be called now. */
    isReady() {
      try {
        return compile() !== undefined;
      } catch {
        return false;
      }
    },
    /** Methods in memory of their own, exactly as much as they take. */
    bind(sizes, binders) {
      const plan = memoryArea(layout);
      methodsIn(plan, sizes, binders);
      const size = plan.size();
      const area = open(size, false);
      area.restart(plan, size);
      return methodsIn(area, sizes, binders);
    },
    /** A method for one call; its results are copies. */
    once:
      (binder, sizes) =>
      (...args) => {
        const plan = memoryArea(layout);
        plan.begin();
        binder(sizes, plan);
        const size = plan.size();
        const area = scratch ?? open(size, true);
        // Arguments with getters may call other methods meanwhile.
        scratch = undefined;
        try {
          area.restart(plan, size);
          area.begin();
          return detached(binder(sizes, area)(...args));
        } finally {
          scratch = area;
        }
      },
    /** Memory for a call that has read its arguments. */
    scratch() {
      scratch ??= open(layout.start, true);
      scratch.restart();
      return scratch;
    },
  };
}

/**
 * Functions or methods, with the promise that they can be called.
 */
export function withReady(methods, { ready }) {
  return Object.defineProperty(methods, "ready", {
    get: ready,
    enumerable: true,
    configurable: true,
  });
}
