// @ts-check

/**
 * The factors L U = P A of an n × n matrix in place of it (Doolittle, rows
 * exchanged for the largest pivot): L below the diagonal, U on and above it. Row
 * n receives the exchanges. A pivot of 0 stays: the matrix is singular.
 * @param {Float64Array} lu
 * @param {number} at where the matrix begins
 * @param {number} n
 */
export function factorise(lu, at, n) {
  for (let k = 0; k < n; k++) {
    const row = at + k * n;
    let best = row;
    for (let other = row + n; other < at + n * n; other += n)
      if (Math.abs(lu[other + k]) > Math.abs(lu[best + k])) best = other;
    lu[at + n * n + k] = (best - at) / n;
    if (best !== row) exchange(lu, row, best, n);
    const pivot = lu[row + k];
    if (pivot === 0) continue;
    for (let other = row + n; other < at + n * n; other += n) {
      const factor = lu[other + k] / pivot;
      lu[other + k] = factor;
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) lu[other + j] -= factor * lu[row + j];
    }
  }
}

/**
 * Exchanges two rows of a length.
 * @param {Float64Array} rows
 * @param {number} a
 * @param {number} b
 * @param {number} length
 */
export function exchange(rows, a, b, length) {
  for (let j = 0; j < length; j++) {
    const kept = rows[a + j];
    rows[a + j] = rows[b + j];
    rows[b + j] = kept;
  }
}

/**
 * X with A X = B in place of the n × m matrix B, by the factors of A.
 * @param {Float64Array} x
 * @param {number} to where B begins
 * @param {number} n
 * @param {number} m
 * @param {Float64Array} lu
 * @param {number} at where the factors begin
 * @param {string} matrix what messages call A
 */
export function solveFactored(x, to, n, m, lu, at, matrix) {
  for (let k = 0; k < n; k++) {
    const pivot = lu[at + n * n + k];
    if (pivot !== k) exchange(x, to + k * m, to + pivot * m, m);
  }
  for (let i = 0; i < n; i++)
    for (let k = 0; k < i; k++)
      subtractRow(x, to + i * m, to + k * m, m, lu[at + i * n + k]);
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++)
      subtractRow(x, to + i * m, to + k * m, m, lu[at + i * n + k]);
    divideRow(x, to + i * m, m, lu[at + i * n + i], matrix);
  }
}

/**
 * X with Aᵀ X = B in place of the n × m matrix B, by the factors of A.
 * @param {Float64Array} x
 * @param {number} to where B begins
 * @param {number} n
 * @param {number} m
 * @param {Float64Array} lu
 * @param {number} at where the factors begin
 * @param {string} matrix what messages call A
 */
export function solveTransposed(x, to, n, m, lu, at, matrix) {
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++)
      subtractRow(x, to + i * m, to + k * m, m, lu[at + k * n + i]);
    divideRow(x, to + i * m, m, lu[at + i * n + i], matrix);
  }
  for (let i = n - 1; i >= 0; i--)
    for (let k = i + 1; k < n; k++)
      subtractRow(x, to + i * m, to + k * m, m, lu[at + k * n + i]);
  for (let k = n - 1; k >= 0; k--) {
    const pivot = lu[at + n * n + k];
    if (pivot !== k) exchange(x, to + k * m, to + pivot * m, m);
  }
}

/**
 * Row -= factor · other row.
 * @param {Float64Array} x
 * @param {number} row
 * @param {number} other
 * @param {number} length
 * @param {number} factor
 */
export function subtractRow(x, row, other, length, factor) {
  if (factor === 0) return;
  for (let j = 0; j < length; j++) x[row + j] -= factor * x[other + j];
}

/**
 * Row /= pivot; a pivot of 0 says that the matrix is singular.
 * @param {Float64Array} x
 * @param {number} row
 * @param {number} length
 * @param {number} pivot
 * @param {string} matrix
 */
export function divideRow(x, row, length, pivot, matrix) {
  if (pivot === 0) throw new RangeError(`the matrix ${matrix} is singular`);
  for (let j = 0; j < length; j++) x[row + j] /= pivot;
}

/**
 * The cofactors of an n × n matrix A in place of it, singular or not. With the
 * largest entry left for each pivot, P A Q = L U, and of the pivots of a matrix
 * that lacks a rank only the last is 0: with U = [V w; 0 u] the adjugate is
 * det(P) det(Q) det(V) Q [u V⁻¹, -V⁻¹ w; 0, 1] L⁻¹ P, which does not divide by u.
 * Rows n … 2n - 1 are for the bracket, rows 2n and 2n + 1 for the exchanges.
 * @param {Float64Array} a
 * @param {number} at where the matrix begins
 * @param {number} n
 */
export function cofactorise(a, at, n) {
  const bracket = at + n * n;
  const rows = bracket + n * n;
  const columns = rows + n;
  let scale = 1;
  for (let k = 0; k < n; k++) a[rows + k] = a[columns + k] = k;
  for (let k = 0; k < n; k++) {
    let best = at + k * n + k;
    for (let i = k; i < n; i++)
      for (let j = k; j < n; j++)
        if (Math.abs(a[at + i * n + j]) > Math.abs(a[best]))
          best = at + i * n + j;
    const row = Math.floor((best - at) / n);
    const column = (best - at) % n;
    if (row !== k) {
      exchange(a, at + k * n, at + row * n, n);
      exchange(a, rows + k, rows + row, 1);
      scale = -scale;
    }
    if (column !== k) {
      for (let i = 0; i < n; i++)
        exchange(a, at + i * n + k, at + i * n + column, 1);
      exchange(a, columns + k, columns + column, 1);
      scale = -scale;
    }
    if (k === n - 1) break;
    const pivot = a[at + k * n + k];
    scale *= pivot;
    if (pivot === 0) break;
    for (let i = k + 1; i < n; i++) {
      const factor = a[at + i * n + k] / pivot;
      a[at + i * n + k] = factor;
      for (let j = k + 1; j < n; j++)
        a[at + i * n + j] -= factor * a[at + k * n + j];
    }
  }
  if (scale === 0) {
    a.fill(0, at, at + n * n);
    return;
  }
  const last = n - 1;
  const u = a[at + last * n + last];
  for (let i = 0; i < n; i++)
    for (let j = last; j >= 0; j--) {
      let entry = i === j ? (i < last ? u : 1) : 0;
      if (i < last && j === last) entry = -a[at + i * n + last];
      for (let k = j + 1; k < n; k++)
        entry -= a[bracket + i * n + k] * a[at + k * n + j];
      a[bracket + i * n + j] = entry;
    }
  for (let i = last - 1; i >= 0; i--) {
    const row = bracket + i * n;
    for (let k = i + 1; k < last; k++)
      subtractRow(a, row, bracket + k * n, n, a[at + i * n + k]);
    for (let j = 0; j < n; j++) a[row + j] /= a[at + i * n + i];
  }
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      a[at + a[rows + j] * n + a[columns + i]] = scale * a[bracket + i * n + j];
}

/**
 * The lower triangular L with L Lᵀ = A in place of the lower triangle of the
 * n × n matrix A (Cholesky and Banachiewicz).
 * @param {Float64Array} l
 * @param {number} at where the matrix begins
 * @param {number} n
 * @param {string} matrix what messages call A
 */
export function choleskyFactor(l, at, n, matrix) {
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let rest = l[at + i * n + j];
      for (let k = 0; k < j; k++) rest -= l[at + i * n + k] * l[at + j * n + k];
      if (j < i) l[at + i * n + j] = rest / l[at + j * n + j];
      else if (rest <= 0)
        throw new RangeError(`the matrix ${matrix} is not positive definite`);
      else l[at + i * n + i] = Math.sqrt(rest);
    }
}
