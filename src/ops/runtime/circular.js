// @ts-check

/**
 * sin(n π/256) for n = 0 … 511.
 */
export const SINES = /* @__PURE__ */ makeSines();

/**
 * The first quarter by turning a point by π/256, in whole numbers with 128 bits
 * after the point.
 */
function makeSines() {
  const stepSin = 0x3243a3f9bd8f08cc3c75f41b6ce7aa8n;
  const stepCos = 0xfffb10b4dc96dabbb47903f7a19f8ee2n;
  const sines = new Float64Array(512);
  let [sin, cos] = [0n, 1n << 128n];
  for (let n = 0; n <= 128; n++) {
    const sine = Number(sin) / 2 ** 128;
    sines[n] = sines[256 - n] = sine;
    if (n > 0) sines[256 + n] = sines[512 - n] = -sine;
    [sin, cos] = [
      (sin * stepCos + cos * stepSin) >> 128n,
      (cos * stepCos - sin * stepSin) >> 128n,
    ];
  }
  return sines;
}
