/**
 * A stream of uniform numbers in (0, 1), one for each seed and parameter: number
 * `counter` is a hash of the counter and of two hashes (FNV-1a) of seed and path,
 * so that no stream depends on how much another one was used.
 */
export function uniforms(seed, path) {
  const text = `${seed}/${path}`;
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let at = 0; at < text.length; at++) {
    low = Math.imul(low ^ text.charCodeAt(at), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(at), 0x85ebca6b);
  }
  let counter = 0;
  return () => {
    counter = (counter + 0x9e3779b9) | 0;
    return ((mixBits(mixBits(counter ^ low) + high) >>> 0) + 0.5) / 2 ** 32;
  };
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
 * Fills an array with normal numbers (Box and Muller).
 */
export function fillNormal(array, seed, path, mean, deviation) {
  const next = uniforms(seed, path);
  for (let at = 0; at < array.length; at += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(next()));
    const angle = 2 * Math.PI * next();
    array[at] = mean + radius * Math.cos(angle);
    if (at + 1 < array.length) array[at + 1] = mean + radius * Math.sin(angle);
  }
  return array;
}

/**
 * Fills an array with numbers uniform between two bounds.
 */
export function fillUniform(array, seed, path, low, high) {
  const next = uniforms(seed, path);
  for (let at = 0; at < array.length; at++)
    array[at] = low + (high - low) * next();
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
