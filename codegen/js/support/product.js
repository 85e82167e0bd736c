/**
 * panel[j, r] += Σ_k left[r, k] * right[k, j]: sixteen rows of a product of
 * matrices, or fewer. A column of the panel lies together; left[r, k] stands at
 * leftAt + r * rowStep + k * leftStep, right[k, j] at rightAt + k * rightStep + j.
 */
// prettier-ignore
export function addProduct(panel, panelAt, left, leftAt, rowStep, leftStep, right, rightAt, rightStep, rows, depth, columns) {
  if (rows === 16) return addSixteenRows(panel, panelAt, left, leftAt, rowStep, leftStep, right, rightAt, rightStep, depth, columns);
  let r = 0, at = leftAt;
  for (; r + 8 <= rows; r += 8, at += 8 * rowStep)
    addEightRows(panel, panelAt + r, rows, left, at, rowStep, leftStep, right, rightAt, rightStep, depth, columns);
  for (; r + 4 <= rows; r += 4, at += 4 * rowStep)
    addFourRows(panel, panelAt + r, rows, left, at, rowStep, leftStep, right, rightAt, rightStep, depth, columns);
  for (; r < rows; r++, at += rowStep)
    addRow(panel, panelAt + r, rows, left, at, leftStep, right, rightAt, rightStep, depth, columns);
}

/**
 * Sixteen rows of a product: the factors of four values of k are held in
 * variables on the way through the columns.
 */
// prettier-ignore
export function addSixteenRows(panel, panelAt, left, leftAt, rowStep, leftStep, right, rightAt, rightStep, depth, columns) {
  const end = depth - depth % 4;
  const step2 = 2 * leftStep, step3 = 3 * leftStep;
  for (let k = 0; k < end; k += 4) {
    const l0 = leftAt + k * leftStep;
    const a0_0 = left[l0], a0_1 = left[l0 + leftStep], a0_2 = left[l0 + step2], a0_3 = left[l0 + step3];
    const l1 = l0 + rowStep;
    const a1_0 = left[l1], a1_1 = left[l1 + leftStep], a1_2 = left[l1 + step2], a1_3 = left[l1 + step3];
    const l2 = l1 + rowStep;
    const a2_0 = left[l2], a2_1 = left[l2 + leftStep], a2_2 = left[l2 + step2], a2_3 = left[l2 + step3];
    const l3 = l2 + rowStep;
    const a3_0 = left[l3], a3_1 = left[l3 + leftStep], a3_2 = left[l3 + step2], a3_3 = left[l3 + step3];
    const l4 = l3 + rowStep;
    const a4_0 = left[l4], a4_1 = left[l4 + leftStep], a4_2 = left[l4 + step2], a4_3 = left[l4 + step3];
    const l5 = l4 + rowStep;
    const a5_0 = left[l5], a5_1 = left[l5 + leftStep], a5_2 = left[l5 + step2], a5_3 = left[l5 + step3];
    const l6 = l5 + rowStep;
    const a6_0 = left[l6], a6_1 = left[l6 + leftStep], a6_2 = left[l6 + step2], a6_3 = left[l6 + step3];
    const l7 = l6 + rowStep;
    const a7_0 = left[l7], a7_1 = left[l7 + leftStep], a7_2 = left[l7 + step2], a7_3 = left[l7 + step3];
    const l8 = l7 + rowStep;
    const a8_0 = left[l8], a8_1 = left[l8 + leftStep], a8_2 = left[l8 + step2], a8_3 = left[l8 + step3];
    const l9 = l8 + rowStep;
    const a9_0 = left[l9], a9_1 = left[l9 + leftStep], a9_2 = left[l9 + step2], a9_3 = left[l9 + step3];
    const l10 = l9 + rowStep;
    const a10_0 = left[l10], a10_1 = left[l10 + leftStep], a10_2 = left[l10 + step2], a10_3 = left[l10 + step3];
    const l11 = l10 + rowStep;
    const a11_0 = left[l11], a11_1 = left[l11 + leftStep], a11_2 = left[l11 + step2], a11_3 = left[l11 + step3];
    const l12 = l11 + rowStep;
    const a12_0 = left[l12], a12_1 = left[l12 + leftStep], a12_2 = left[l12 + step2], a12_3 = left[l12 + step3];
    const l13 = l12 + rowStep;
    const a13_0 = left[l13], a13_1 = left[l13 + leftStep], a13_2 = left[l13 + step2], a13_3 = left[l13 + step3];
    const l14 = l13 + rowStep;
    const a14_0 = left[l14], a14_1 = left[l14 + leftStep], a14_2 = left[l14 + step2], a14_3 = left[l14 + step3];
    const l15 = l14 + rowStep;
    const a15_0 = left[l15], a15_1 = left[l15 + leftStep], a15_2 = left[l15 + step2], a15_3 = left[l15 + step3];
    const r0 = rightAt + k * rightStep, r1 = r0 + rightStep, r2 = r1 + rightStep, r3 = r2 + rightStep;
    for (let j = 0; j < columns; j++) {
      const b0 = right[r0 + j], b1 = right[r1 + j], b2 = right[r2 + j], b3 = right[r3 + j];
      const p = panelAt + j * 16;
      panel[p] += a0_0 * b0 + a0_1 * b1 + a0_2 * b2 + a0_3 * b3;
      panel[p + 1] += a1_0 * b0 + a1_1 * b1 + a1_2 * b2 + a1_3 * b3;
      panel[p + 2] += a2_0 * b0 + a2_1 * b1 + a2_2 * b2 + a2_3 * b3;
      panel[p + 3] += a3_0 * b0 + a3_1 * b1 + a3_2 * b2 + a3_3 * b3;
      panel[p + 4] += a4_0 * b0 + a4_1 * b1 + a4_2 * b2 + a4_3 * b3;
      panel[p + 5] += a5_0 * b0 + a5_1 * b1 + a5_2 * b2 + a5_3 * b3;
      panel[p + 6] += a6_0 * b0 + a6_1 * b1 + a6_2 * b2 + a6_3 * b3;
      panel[p + 7] += a7_0 * b0 + a7_1 * b1 + a7_2 * b2 + a7_3 * b3;
      panel[p + 8] += a8_0 * b0 + a8_1 * b1 + a8_2 * b2 + a8_3 * b3;
      panel[p + 9] += a9_0 * b0 + a9_1 * b1 + a9_2 * b2 + a9_3 * b3;
      panel[p + 10] += a10_0 * b0 + a10_1 * b1 + a10_2 * b2 + a10_3 * b3;
      panel[p + 11] += a11_0 * b0 + a11_1 * b1 + a11_2 * b2 + a11_3 * b3;
      panel[p + 12] += a12_0 * b0 + a12_1 * b1 + a12_2 * b2 + a12_3 * b3;
      panel[p + 13] += a13_0 * b0 + a13_1 * b1 + a13_2 * b2 + a13_3 * b3;
      panel[p + 14] += a14_0 * b0 + a14_1 * b1 + a14_2 * b2 + a14_3 * b3;
      panel[p + 15] += a15_0 * b0 + a15_1 * b1 + a15_2 * b2 + a15_3 * b3;
    }
  }
  for (let k = end; k < depth; k++) {
    const l0 = leftAt + k * leftStep, a0 = left[l0];
    const l1 = l0 + rowStep, a1 = left[l1];
    const l2 = l1 + rowStep, a2 = left[l2];
    const l3 = l2 + rowStep, a3 = left[l3];
    const l4 = l3 + rowStep, a4 = left[l4];
    const l5 = l4 + rowStep, a5 = left[l5];
    const l6 = l5 + rowStep, a6 = left[l6];
    const l7 = l6 + rowStep, a7 = left[l7];
    const l8 = l7 + rowStep, a8 = left[l8];
    const l9 = l8 + rowStep, a9 = left[l9];
    const l10 = l9 + rowStep, a10 = left[l10];
    const l11 = l10 + rowStep, a11 = left[l11];
    const l12 = l11 + rowStep, a12 = left[l12];
    const l13 = l12 + rowStep, a13 = left[l13];
    const l14 = l13 + rowStep, a14 = left[l14];
    const l15 = l14 + rowStep, a15 = left[l15];
    const r0 = rightAt + k * rightStep;
    for (let j = 0; j < columns; j++) {
      const b = right[r0 + j], p = panelAt + j * 16;
      panel[p] += a0 * b;
      panel[p + 1] += a1 * b;
      panel[p + 2] += a2 * b;
      panel[p + 3] += a3 * b;
      panel[p + 4] += a4 * b;
      panel[p + 5] += a5 * b;
      panel[p + 6] += a6 * b;
      panel[p + 7] += a7 * b;
      panel[p + 8] += a8 * b;
      panel[p + 9] += a9 * b;
      panel[p + 10] += a10 * b;
      panel[p + 11] += a11 * b;
      panel[p + 12] += a12 * b;
      panel[p + 13] += a13 * b;
      panel[p + 14] += a14 * b;
      panel[p + 15] += a15 * b;
    }
  }
}

/**
 * Eight rows of a product, those of a panel of more.
 */
// prettier-ignore
export function addEightRows(panel, panelAt, panelRows, left, leftAt, rowStep, leftStep, right, rightAt, rightStep, depth, columns) {
  const end = depth - depth % 4;
  const step2 = 2 * leftStep, step3 = 3 * leftStep;
  for (let k = 0; k < end; k += 4) {
    const l0 = leftAt + k * leftStep;
    const a0_0 = left[l0], a0_1 = left[l0 + leftStep], a0_2 = left[l0 + step2], a0_3 = left[l0 + step3];
    const l1 = l0 + rowStep;
    const a1_0 = left[l1], a1_1 = left[l1 + leftStep], a1_2 = left[l1 + step2], a1_3 = left[l1 + step3];
    const l2 = l1 + rowStep;
    const a2_0 = left[l2], a2_1 = left[l2 + leftStep], a2_2 = left[l2 + step2], a2_3 = left[l2 + step3];
    const l3 = l2 + rowStep;
    const a3_0 = left[l3], a3_1 = left[l3 + leftStep], a3_2 = left[l3 + step2], a3_3 = left[l3 + step3];
    const l4 = l3 + rowStep;
    const a4_0 = left[l4], a4_1 = left[l4 + leftStep], a4_2 = left[l4 + step2], a4_3 = left[l4 + step3];
    const l5 = l4 + rowStep;
    const a5_0 = left[l5], a5_1 = left[l5 + leftStep], a5_2 = left[l5 + step2], a5_3 = left[l5 + step3];
    const l6 = l5 + rowStep;
    const a6_0 = left[l6], a6_1 = left[l6 + leftStep], a6_2 = left[l6 + step2], a6_3 = left[l6 + step3];
    const l7 = l6 + rowStep;
    const a7_0 = left[l7], a7_1 = left[l7 + leftStep], a7_2 = left[l7 + step2], a7_3 = left[l7 + step3];
    const r0 = rightAt + k * rightStep, r1 = r0 + rightStep, r2 = r1 + rightStep, r3 = r2 + rightStep;
    for (let j = 0, p = panelAt; j < columns; j++, p += panelRows) {
      const b0 = right[r0 + j], b1 = right[r1 + j], b2 = right[r2 + j], b3 = right[r3 + j];
      panel[p] += a0_0 * b0 + a0_1 * b1 + a0_2 * b2 + a0_3 * b3;
      panel[p + 1] += a1_0 * b0 + a1_1 * b1 + a1_2 * b2 + a1_3 * b3;
      panel[p + 2] += a2_0 * b0 + a2_1 * b1 + a2_2 * b2 + a2_3 * b3;
      panel[p + 3] += a3_0 * b0 + a3_1 * b1 + a3_2 * b2 + a3_3 * b3;
      panel[p + 4] += a4_0 * b0 + a4_1 * b1 + a4_2 * b2 + a4_3 * b3;
      panel[p + 5] += a5_0 * b0 + a5_1 * b1 + a5_2 * b2 + a5_3 * b3;
      panel[p + 6] += a6_0 * b0 + a6_1 * b1 + a6_2 * b2 + a6_3 * b3;
      panel[p + 7] += a7_0 * b0 + a7_1 * b1 + a7_2 * b2 + a7_3 * b3;
    }
  }
  for (let k = end; k < depth; k++) {
    const l0 = leftAt + k * leftStep, a0 = left[l0];
    const l1 = l0 + rowStep, a1 = left[l1];
    const l2 = l1 + rowStep, a2 = left[l2];
    const l3 = l2 + rowStep, a3 = left[l3];
    const l4 = l3 + rowStep, a4 = left[l4];
    const l5 = l4 + rowStep, a5 = left[l5];
    const l6 = l5 + rowStep, a6 = left[l6];
    const l7 = l6 + rowStep, a7 = left[l7];
    const r0 = rightAt + k * rightStep;
    for (let j = 0, p = panelAt; j < columns; j++, p += panelRows) {
      const b = right[r0 + j];
      panel[p] += a0 * b;
      panel[p + 1] += a1 * b;
      panel[p + 2] += a2 * b;
      panel[p + 3] += a3 * b;
      panel[p + 4] += a4 * b;
      panel[p + 5] += a5 * b;
      panel[p + 6] += a6 * b;
      panel[p + 7] += a7 * b;
    }
  }
}

/**
 * Four rows of a product, those of a panel of more.
 */
// prettier-ignore
export function addFourRows(panel, panelAt, panelRows, left, leftAt, rowStep, leftStep, right, rightAt, rightStep, depth, columns) {
  const end = depth - depth % 4;
  const step2 = 2 * leftStep, step3 = 3 * leftStep;
  for (let k = 0; k < end; k += 4) {
    const l0 = leftAt + k * leftStep;
    const a0_0 = left[l0], a0_1 = left[l0 + leftStep], a0_2 = left[l0 + step2], a0_3 = left[l0 + step3];
    const l1 = l0 + rowStep;
    const a1_0 = left[l1], a1_1 = left[l1 + leftStep], a1_2 = left[l1 + step2], a1_3 = left[l1 + step3];
    const l2 = l1 + rowStep;
    const a2_0 = left[l2], a2_1 = left[l2 + leftStep], a2_2 = left[l2 + step2], a2_3 = left[l2 + step3];
    const l3 = l2 + rowStep;
    const a3_0 = left[l3], a3_1 = left[l3 + leftStep], a3_2 = left[l3 + step2], a3_3 = left[l3 + step3];
    const r0 = rightAt + k * rightStep, r1 = r0 + rightStep, r2 = r1 + rightStep, r3 = r2 + rightStep;
    for (let j = 0, p = panelAt; j < columns; j++, p += panelRows) {
      const b0 = right[r0 + j], b1 = right[r1 + j], b2 = right[r2 + j], b3 = right[r3 + j];
      panel[p] += a0_0 * b0 + a0_1 * b1 + a0_2 * b2 + a0_3 * b3;
      panel[p + 1] += a1_0 * b0 + a1_1 * b1 + a1_2 * b2 + a1_3 * b3;
      panel[p + 2] += a2_0 * b0 + a2_1 * b1 + a2_2 * b2 + a2_3 * b3;
      panel[p + 3] += a3_0 * b0 + a3_1 * b1 + a3_2 * b2 + a3_3 * b3;
    }
  }
  for (let k = end; k < depth; k++) {
    const l0 = leftAt + k * leftStep, a0 = left[l0];
    const l1 = l0 + rowStep, a1 = left[l1];
    const l2 = l1 + rowStep, a2 = left[l2];
    const l3 = l2 + rowStep, a3 = left[l3];
    const r0 = rightAt + k * rightStep;
    for (let j = 0, p = panelAt; j < columns; j++, p += panelRows) {
      const b = right[r0 + j];
      panel[p] += a0 * b;
      panel[p + 1] += a1 * b;
      panel[p + 2] += a2 * b;
      panel[p + 3] += a3 * b;
    }
  }
}

/**
 * One row of a product, of a panel of more.
 */
// prettier-ignore
export function addRow(panel, panelAt, panelRows, left, leftAt, leftStep, right, rightAt, rightStep, depth, columns) {
  const end = depth - depth % 4;
  for (let k = 0; k < end; k += 4) {
    const l0 = leftAt + k * leftStep, l1 = l0 + leftStep, l2 = l1 + leftStep, l3 = l2 + leftStep;
    const a0 = left[l0], a1 = left[l1], a2 = left[l2], a3 = left[l3];
    const r0 = rightAt + k * rightStep, r1 = r0 + rightStep, r2 = r1 + rightStep, r3 = r2 + rightStep;
    for (let j = 0, p = panelAt; j < columns; j++, p += panelRows) {
      panel[p] += a0 * right[r0 + j] + a1 * right[r1 + j] + a2 * right[r2 + j] + a3 * right[r3 + j];
    }
  }
  for (let k = end; k < depth; k++) {
    const a = left[leftAt + k * leftStep], r0 = rightAt + k * rightStep;
    for (let j = 0, p = panelAt; j < columns; j++, p += panelRows) panel[p] += a * right[r0 + j];
  }
}
