/**
 * A stream of random bits, one for each seed and parameter: two hashes (FNV-1a)
 * of both.
 */
export function streamOf(seed, path) {
  const text = `${seed}/${path}`;
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let at = 0; at < text.length; at++) {
    low = Math.imul(low ^ text.charCodeAt(at), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(at), 0x85ebca6b);
  }
  return { low, high };
}

/**
 * The 32 bits at a place of a stream, a hash of both: no stream depends on how
 * much another one was used.
 */
export function bitsAt(at, low, high) {
  return mixBits(mixBits(Math.imul(at + 1, 0x9e3779b9) ^ low) + high);
}

/**
 * A bijection of 32-bit words in which each bit depends on all (the finaliser of
 * MurmurHash3).
 */
export function mixBits(word) {
  let bits = word | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/**
 * A uniform number in (0, 1).
 */
export function uniformOf(bits) {
  return ((bits >>> 0) + 0.5) / 2 ** 32;
}

/**
 * Fills an array with normal numbers (Box and Muller): two from a radius and an
 * angle. Of the angle a table has the nearest 256th of a turn; for the rest short
 * series are exact but for rounding.
 */
export function fillNormal(array, seed, path, mean, deviation) {
  const { low, high } = streamOf(seed, path);
  const turn = new Float64Array(512);
  for (let part = 0; part < 256; part++) {
    turn[2 * part] = Math.cos((Math.PI / 128) * part);
    turn[2 * part + 1] = Math.sin((Math.PI / 128) * part);
  }
  for (let at = 0; at < array.length; at += 2) {
    const logarithm = Math.log(uniformOf(bitsAt(at, low, high)));
    const radius = deviation * Math.sqrt(-2 * logarithm);
    const bits = bitsAt(at + 1, low, high);
    const part = (bits + 0x800000) >>> 24;
    const rest = (((bits - (part << 24)) | 0) + 0.5) * (Math.PI / 2 ** 31);
    const square = rest * rest;
    const x = 1 - square * (1 / 2 - square * (1 / 24 - square / 720));
    const y = rest * (1 - square * (1 / 6 - square / 120));
    const cosine = turn[2 * part];
    const sine = turn[2 * part + 1];
    array[at] = mean + radius * (cosine * x - sine * y);
    if (at + 1 < array.length)
      array[at + 1] = mean + radius * (sine * x + cosine * y);
  }
  return array;
}

/**
 * Fills an array with numbers uniform between two bounds.
 */
export function fillUniform(array, seed, path, low, high) {
  const stream = streamOf(seed, path);
  for (let at = 0; at < array.length; at++) {
    const bits = bitsAt(at, stream.low, stream.high);
    array[at] = low + (high - low) * uniformOf(bits);
  }
  return array;
}

/**
 * Fills an array of matrices with orthonormal rows, or columns if there are
 * fewer: normal numbers, orthogonalised twice (Gram and Schmidt).
 */
export function fillOrthogonal(array, seed, path, rows, columns) {
  const numbers = fillNormal(new Float64Array(array.length), seed, path, 0, 1);
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const across = rows <= columns ? columns : 1;
  const along = rows <= columns ? 1 : columns;
  for (let start = 0; start < array.length; start += rows * columns) {
    const at = (vector, k) => start + vector * across + k * along;
    const dot = (a, b) => {
      let sum = 0;
      for (let k = 0; k < length; k++)
        sum += numbers[at(a, k)] * numbers[at(b, k)];
      return sum;
    };
    for (let vector = 0; vector < count; vector++) {
      for (let other = 0; other < 2 * vector; other++) {
        const product = dot(vector, other % vector);
        for (let k = 0; k < length; k++)
          numbers[at(vector, k)] -= product * numbers[at(other % vector, k)];
      }
      const norm = Math.sqrt(dot(vector, vector));
      for (let k = 0; k < length; k++) numbers[at(vector, k)] /= norm;
    }
  }
  array.set(numbers);
  return array;
}

/**
 * Each number of an array from its position.
 */
export function fillEach(valueAt, array) {
  for (let at = 0; at < array.length; at++) array[at] = valueAt(at);
  return array;
}
