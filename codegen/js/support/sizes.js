/**
 * The number that an extent stands for: itself, the size of that name, or what
 * it computes from sizes.
 */
export function extentAt(extent, sizes) {
  if (typeof extent === "number") return extent;
  return typeof extent === "string" ? sizes[extent] : extent.at(sizes);
}

/**
 * The sizes an extent depends on.
 */
export function sizesIn(extent) {
  if (typeof extent === "number") return [];
  return typeof extent === "string" ? [extent] : extent.of;
}

/**
 * "[n, 784] with n = 64".
 */
export function shapeText(shape, sizes) {
  const text = shape.map((extent) => extent.text ?? extent).join(", ");
  const known = [...new Set(shape.flatMap(sizesIn))]
    .filter((size) => sizes[size] !== undefined)
    .map((size) => `${size} = ${sizes[size]}`);
  return `[${text}]${known.length > 0 ? ` with ${known.join(", ")}` : ""}`;
}

/**
 * The lengths of nested arrays, outermost first; a flat array has one.
 */
export function lengthsOf(value) {
  const lengths = [];
  let inner = value;
  while (Array.isArray(inner) || ArrayBuffer.isView(inner)) {
    lengths.push(inner.length);
    inner = inner[0];
  }
  return lengths;
}

/**
 * The value of `size` for which `at` of it is `count`, or undefined.
 */
export function solveSize(at, count) {
  const start = at(0);
  const slope = at(1) - start;
  const linear = (count - start) / slope;
  if (Number.isInteger(linear) && at(linear) === count) return linear;
  let low = 1;
  let high = count;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (at(middle) < count) low = middle + 1;
    else high = middle;
  }
  return low === high && at(low) === count ? low : undefined;
}

/**
 * The sizes where typed arrays say them one after the other; undefined where
 * they do not, and where something is wrong.
 */
export function plainSizes(wanted, shapes, values) {
  const sizes = {};
  for (const name in values) {
    if (!ArrayBuffer.isView(values[name])) return undefined;
    let count = 1;
    let open;
    for (const extent of shapes[name]) {
      if (typeof extent === "number") count *= extent;
      else if (sizes[extent] !== undefined) count *= sizes[extent];
      else if (open === undefined && typeof extent === "string") open = extent;
      else return undefined;
    }
    const size = values[name].length / count;
    if (open === undefined ? size !== 1 : !Number.isInteger(size) || size < 1)
      return undefined;
    if (open !== undefined) sizes[open] = size;
  }
  for (const size of wanted) if (sizes[size] === undefined) return undefined;
  return sizes;
}

/**
 * The sizes in `wanted`, found from the lengths of the arrays in `values`; those
 * that `given` names need not be found. A flat array says one size at most,
 * nested arrays one for each axis.
 */
export function findSizes(wanted, shapes, values, given) {
  const plain = given ? undefined : plainSizes(wanted, shapes, values);
  return plain ?? solveSizes(wanted, shapes, values, given);
}

/**
 * The sizes in `wanted` from equations between extents and lengths.
 */
export function solveSizes(wanted, shapes, values, given) {
  const sizes = {};
  const sources = {};
  const learn = (size, value, source) => {
    if (sizes[size] === undefined) {
      if (!Number.isInteger(value) || value < 1)
        throw new RangeError(
          `${source}: the size ${size} must be a whole number above 0, not ${value}`,
        );
      sizes[size] = value;
      sources[size] = source;
    } else if (sizes[size] !== value) {
      throw new RangeError(
        `${source} says ${size} = ${value}, ${sources[size]} says ${size} = ${sizes[size]}`,
      );
    }
  };
  for (const size in given) learn(size, given[size], "sizes");
  const names = Object.keys(values).filter(
    (name) => (values[name] ?? null) !== null,
  );
  for (let known = -1; known < Object.keys(sizes).length;) {
    known = Object.keys(sizes).length;
    for (const name of names) {
      const shape = shapes[name];
      const lengths = lengthsOf(values[name]);
      if (lengths.length === 0) continue;
      const isPlain = shape.every((extent) => typeof extent !== "object");
      if (lengths.includes(0) && isPlain)
        throw new RangeError(`${name} is empty; every size is at least 1`);
      const isNested = lengths.length === shape.length && shape.length > 1;
      const equations = isNested
        ? shape.map((extent, axis) => [[extent], lengths[axis]])
        : [[shape, lengths[0]]];
      for (const [extents, count] of equations) {
        const all = [...new Set(extents.flatMap(sizesIn))];
        const open = all.filter((size) => sizes[size] === undefined);
        const size = all.length === 1 ? all[0] : open[0];
        if (size === undefined || (all.length > 1 && open.length > 1)) continue;
        const at = (value) =>
          extents.reduce(
            (product, extent) =>
              product * extentAt(extent, { ...sizes, [size]: value }),
            1,
          );
        if (at(sizes[size]) === count) continue;
        if (count === 0 && at(1) === 0 && at(2) === 0) continue;
        const value = solveSize(at, count);
        if (value === undefined) {
          const step = at(1);
          throw new RangeError(
            at(2) === 2 * step && at(0) === 0
              ? `${name}: expected a multiple of ${step} numbers, got ${count}`
              : `${name}: expected ${shapeText(extents, {})} numbers, got ${count}`,
          );
        }
        learn(size, value, name);
      }
    }
  }
  for (const size of wanted) {
    if (sizes[size] !== undefined) continue;
    const [source] = Object.keys(values).filter((name) =>
      shapes[name].some((extent) => sizesIn(extent).includes(size)),
    );
    if (source === undefined)
      throw new TypeError(
        `pass { sizes: { ${size}: … } }: nothing else says it`,
      );
    if ((values[source] ?? null) === null)
      throw new TypeError(`${source} is missing`);
    if (lengthsOf(values[source]).length === 0)
      throw new TypeError(
        `${source}: expected an array of numbers, got ${show(values[source])}`,
      );
    throw new TypeError(
      `${source}: the size ${size} cannot be told from a flat array; pass nested rows or { sizes: { ${size}: … } }`,
    );
  }
  return sizes;
}

/**
 * The sizes that `bind` fixes: each must be given, and no other.
 */
export function checkSizes(wanted, given) {
  checkNames("sizes", given, wanted);
  for (const size of wanted) {
    const value = given[size];
    if (value === undefined)
      throw new TypeError(`the size ${size} is missing: pass { ${size}: … }`);
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(
        `the size ${size} must be a whole number above 0, not ${value}`,
      );
  }
}
