/**
 * A value as messages show it.
 */
export function show(value) {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "object") return "an object";
  return typeof value === "function" ? "a function" : String(value);
}

/**
 * The number passed as `name`.
 */
export function readNumber(name, value) {
  return typeof value === "number" ? value : numberFrom(name, value);
}

/**
 * The number that another value passed as `name` stands for.
 */
export function numberFrom(name, value) {
  if (typeof value === "boolean") return Number(value);
  if (value === undefined) throw new TypeError(`${name} is missing`);
  throw new TypeError(`${name}: expected a number, got ${show(value)}`);
}

/**
 * The whole number passed as `name`, below `bound`.
 */
export function readWhole(name, value, bound) {
  const whole = readNumber(name, value);
  if (!Number.isInteger(whole))
    throw new RangeError(`${name} = ${whole} is not a whole number`);
  if (bound !== undefined && !(whole >= 0 && whole < bound))
    throw new RangeError(`${name} = ${whole} is outside 0 … ${bound - 1}`);
  return whole;
}

/**
 * The `count` numbers passed as `name`, row-major: the array itself where it
 * fits, else a copy. Nested arrays must have the lengths of the shape.
 */
export function readTensor(value, Type, count, name, shapes, sizes) {
  if (value instanceof Type && value.length === count) return value;
  return readOther(value, Type, count, name, shapes[name], sizes);
}

/**
 * What is no array of that type and length: converted, or refused.
 */
function readOther(value, Type, count, name, shape, sizes) {
  const flat = value instanceof Type ? value : flatten(name, value, Type);
  if (flat.length !== count)
    throw new RangeError(
      `${name}: expected ${count} numbers (${shapeText(shape, sizes)}), got ${flat.length}`,
    );
  if (flat !== value) checkLengths(name, shape, sizes, lengthsOf(value));
  return flat;
}

/**
 * Nested arrays must be as long as the shape says.
 */
export function checkLengths(name, shape, sizes, lengths) {
  if (lengths.length === 1) return;
  if (
    lengths.length !== shape.length ||
    shape.some((extent, axis) => extentAt(extent, sizes) !== lengths[axis])
  )
    throw new RangeError(
      `${name}: expected ${shapeText(shape, sizes)}, got [${lengths.join(", ")}]`,
    );
}

/**
 * Nested arrays as one typed array.
 */
export function flatten(name, value, Type) {
  const numbers = [];
  const visit = (part, path) => {
    if (ArrayBuffer.isView(part) || Array.isArray(part)) {
      for (let at = 0; at < part.length; at++)
        visit(part[at], `${path}[${at}]`);
      return;
    }
    const isNumber = typeof part === "number" || typeof part === "boolean";
    if (!isNumber && typeof part !== "bigint")
      throw new TypeError(
        path === name
          ? `${name}: expected an array of numbers, got ${show(part)}`
          : `${path}: expected a number, got ${show(part)}`,
      );
    const number = Number(part);
    if (Type === Int32Array && (number | 0) !== number)
      throw new RangeError(
        `${path} = ${number} is not a whole number${Number.isInteger(number) ? " of 32 bits" : ""}`,
      );
    numbers.push(number);
  };
  if (value === undefined || value === null)
    throw new TypeError(`${name} is missing`);
  if (typeof value !== "object")
    throw new TypeError(
      `${name}: expected an array of numbers, got ${show(value)}`,
    );
  if (ArrayBuffer.isView(value) && Type !== Int32Array)
    return Type.from(value, Number);
  if (Array.isArray(value)) checkRows(name, value);
  visit(value, name);
  return Type.from(numbers);
}

/**
 * All rows of nested arrays must be of one length.
 */
export function checkRows(name, rows) {
  const length = rows[0]?.length;
  if (length === undefined) return;
  for (let at = 0; at < rows.length; at++) {
    if (rows[at]?.length !== length)
      throw new RangeError(
        `${name}[${at}]: expected ${length} numbers like ${name}[0], got ${rows[at]?.length ?? show(rows[at])}`,
      );
    if (Array.isArray(rows[at])) checkRows(`${name}[${at}]`, rows[at]);
  }
}

/**
 * Every value is a position: 0 <= value < bound.
 */
export function checkRange(shapes, name, sizes, values, bound) {
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (value >= 0 && value < bound) continue;
    let rest = at;
    const path = [];
    for (const extent of [...shapes[name]].reverse()) {
      path.unshift(rest % extentAt(extent, sizes));
      rest = Math.floor(rest / extentAt(extent, sizes));
    }
    throw new RangeError(
      `${name}[${path.join(", ")}] = ${value} is outside 0 … ${bound - 1}`,
    );
  }
}

/**
 * An object with none but these names in it. Most have them in this order: then
 * each is compared with one.
 */
export function checkNames(what, given, names) {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new TypeError(
      `${what}: expected an object { ${names.join(", ")} }, got ${show(given)}`,
    );
  let at = 0;
  for (const name in given)
    if (name !== names[at++] && !names.includes(name))
      throw new TypeError(unknownName(what, name, names));
}

/**
 * That there is no such name, and which may be meant.
 */
export function unknownName(what, name, names) {
  const meant = names.find((other) => isLike(name, other));
  const hint = meant === undefined ? "" : `; did you mean '${meant}'?`;
  return `${what}: there is no '${name}'${hint}`;
}

/**
 * A list of none but these names.
 */
export function checkChoices(what, given, names) {
  if (!Array.isArray(given))
    throw new TypeError(
      `${what}: expected a list of names, got ${show(given)}`,
    );
  for (const name of given) checkNames(what, { [name]: true }, names);
}

/**
 * Whether a word is another one mistyped: another case, or a letter more, less
 * or different.
 */
export function isLike(word, other) {
  const a = word.toLowerCase();
  const b = other.toLowerCase();
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (
    end < Math.min(a.length, b.length) - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  )
    end++;
  const changed = Math.max(a.length, b.length) - start - end;
  return changed === 0 || (changed === 1 && Math.max(a.length, b.length) > 2);
}

/**
 * A condition that the sizes must meet; the message says which they are.
 */
export function demand(holds, sizes, message) {
  if (holds) return;
  const known = Object.keys(sizes).map((size) => `${size} = ${sizes[size]}`);
  throw new RangeError(
    known.length > 0 ? `${message}; here ${known.join(", ")}` : message,
  );
}
