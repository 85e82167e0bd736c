// @ts-check
import { erf } from "./erf.js";

/**
 * Taylor polynomials of functions with f'' = -curving x f' around the multiples
 * of 1/32 from first/32 to last/32, eleven coefficients each.
 * @param {number} first
 * @param {number} last
 * @param {number} curving
 * @param {(t: number) => number} value
 * @param {(t: number) => number} slope
 */
export function taylorTable(first, last, curving, value, slope) {
  const table = new Float64Array(11 * (last - first + 1));
  for (let n = first, at = 0; n <= last; n++, at += 11) {
    const t = n / 32;
    table[at] = value(t);
    table[at + 1] = slope(t);
    for (let k = 2; k < 11; k++)
      table[at + k] =
        (-curving *
          (t * (k - 1) * table[at + k - 1] + (k - 2) * table[at + k - 2])) /
        (k * (k - 1));
  }
  return table;
}

/**
 * erf around the multiples of 1/32 up to 6.
 */
export const ERF_TABLE = /* @__PURE__ */ taylorTable(
  -192,
  192,
  2,
  erf,
  (t) => 1.1283791670955126 * Math.exp(-t * t),
);

/**
 * erf by its Taylor polynomial around the multiple of 1/32 next to x on the side of
 * 0, within 2 ulp.
 * @param {number} x
 * @returns {number}
 */
export function fastErf(x) {
  const bounded = x > 6 ? 6 : x < -6 ? -6 : x;
  const n = (bounded * 32) | 0;
  const r = bounded - n * 0.03125;
  const s = r * r;
  const at = (n + 192) * 11;
  return (
    ERF_TABLE[at] +
    r *
      (ERF_TABLE[at + 1] +
        r * ERF_TABLE[at + 2] +
        s *
          (ERF_TABLE[at + 3] +
            r * ERF_TABLE[at + 4] +
            s *
              (ERF_TABLE[at + 5] +
                r * ERF_TABLE[at + 6] +
                s *
                  (ERF_TABLE[at + 7] +
                    r * ERF_TABLE[at + 8] +
                    s * (ERF_TABLE[at + 9] + r * ERF_TABLE[at + 10])))))
  );
}
