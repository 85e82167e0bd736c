/**
 * The instructions of WebAssembly that nnc emits, one record each: opcode, operands and result (WebAssembly 2.0, section 5.4).
 * Encoder, text and the types of code are all read from this table.
 */

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'

export interface Instruction {
  /** Two numbers are a prefix and what follows it. */
  readonly code: number | readonly [0xfc | 0xfd, number]
  readonly takes: readonly ValueType[]
  readonly gives: ValueType | 'nothing'
  /** Reads or writes memory at the first operand: the largest alignment, as a power of two. */
  readonly align?: number
  /** A lane follows: there are so many. */
  readonly lanes?: number
  /** How the text form spells it, if not by its name here. */
  readonly text?: string
}

const simd = (at: number): readonly [0xfd, number] => [0xfd, at]

function unary(code: Instruction['code'], type: ValueType, gives: ValueType = type): Instruction {
  return { code, takes: [type], gives }
}

function binary(code: Instruction['code'], type: ValueType, gives: ValueType = type): Instruction {
  return { code, takes: [type, type], gives }
}

const load = (code: Instruction['code'], gives: ValueType, align: number): Instruction => ({
  code,
  takes: ['i32'],
  gives,
  align,
})

const store = (code: Instruction['code'], type: ValueType, align: number): Instruction => ({
  code,
  takes: ['i32', type],
  gives: 'nothing',
  align,
})

const loadLane = (at: number, align: number, lanes: number): Instruction => ({
  code: simd(at),
  takes: ['i32', 'v128'],
  gives: 'v128',
  align,
  lanes,
})

const shift = (at: number): Instruction => ({ code: simd(at), takes: ['v128', 'i32'], gives: 'v128' })
const splat = (at: number, type: ValueType): Instruction => unary(simd(at), type, 'v128')
const v1 = (at: number): Instruction => unary(simd(at), 'v128')
const v2 = (at: number): Instruction => binary(simd(at), 'v128')
const test = (at: number): Instruction => unary(simd(at), 'v128', 'i32')
const extract = (at: number, type: ValueType, lanes: number): Instruction => ({
  ...unary(simd(at), 'v128', type),
  lanes,
})
const replace = (at: number, type: ValueType, lanes: number): Instruction => ({
  code: simd(at),
  takes: ['v128', type],
  gives: 'v128',
  lanes,
})

export const INSTRUCTIONS = {
  'i32.select': { code: 0x1b, takes: ['i32', 'i32', 'i32'], gives: 'i32', text: 'select' },
  'f64.select': { code: 0x1b, takes: ['f64', 'f64', 'i32'], gives: 'f64', text: 'select' },

  'i32.load': load(0x28, 'i32', 2),
  'f32.load': load(0x2a, 'f32', 2),
  'f64.load': load(0x2b, 'f64', 3),
  'i32.store': store(0x36, 'i32', 2),
  'f32.store': store(0x38, 'f32', 2),
  'f64.store': store(0x39, 'f64', 3),

  'i32.eqz': unary(0x45, 'i32'),
  'i32.eq': binary(0x46, 'i32'),
  'i32.ne': binary(0x47, 'i32'),
  'i32.lt_s': binary(0x48, 'i32'),
  'i32.lt_u': binary(0x49, 'i32'),
  'i32.gt_s': binary(0x4a, 'i32'),
  'i32.le_s': binary(0x4c, 'i32'),
  'i32.ge_s': binary(0x4e, 'i32'),
  'f32.eq': binary(0x5b, 'f32', 'i32'),
  'f32.lt': binary(0x5d, 'f32', 'i32'),
  'f64.eq': binary(0x61, 'f64', 'i32'),
  'f64.ne': binary(0x62, 'f64', 'i32'),
  'f64.lt': binary(0x63, 'f64', 'i32'),
  'f64.gt': binary(0x64, 'f64', 'i32'),
  'f64.le': binary(0x65, 'f64', 'i32'),
  'f64.ge': binary(0x66, 'f64', 'i32'),

  'i32.add': binary(0x6a, 'i32'),
  'i32.sub': binary(0x6b, 'i32'),
  'i32.mul': binary(0x6c, 'i32'),
  'i32.div_s': binary(0x6d, 'i32'),
  'i32.div_u': binary(0x6e, 'i32'),
  'i32.rem_s': binary(0x6f, 'i32'),
  'i32.rem_u': binary(0x70, 'i32'),
  'i32.and': binary(0x71, 'i32'),
  'i32.or': binary(0x72, 'i32'),
  'i32.xor': binary(0x73, 'i32'),
  'i32.shl': binary(0x74, 'i32'),
  'i32.shr_s': binary(0x75, 'i32'),
  'i32.shr_u': binary(0x76, 'i32'),
  'i64.add': binary(0x7c, 'i64'),
  'i64.sub': binary(0x7d, 'i64'),
  'i64.and': binary(0x83, 'i64'),
  'i64.or': binary(0x84, 'i64'),
  'i64.xor': binary(0x85, 'i64'),
  'i64.shl': binary(0x86, 'i64'),
  'i64.shr_s': binary(0x87, 'i64'),
  'i64.shr_u': binary(0x88, 'i64'),

  'f64.abs': unary(0x99, 'f64'),
  'f64.neg': unary(0x9a, 'f64'),
  'f64.ceil': unary(0x9b, 'f64'),
  'f64.floor': unary(0x9c, 'f64'),
  'f64.trunc': unary(0x9d, 'f64'),
  'f64.nearest': unary(0x9e, 'f64'),
  'f64.sqrt': unary(0x9f, 'f64'),
  'f64.add': binary(0xa0, 'f64'),
  'f64.sub': binary(0xa1, 'f64'),
  'f64.mul': binary(0xa2, 'f64'),
  'f64.div': binary(0xa3, 'f64'),
  'f64.min': binary(0xa4, 'f64'),
  'f64.max': binary(0xa5, 'f64'),
  'f64.copysign': binary(0xa6, 'f64'),

  'f32.demote_f64': unary(0xb6, 'f64', 'f32'),
  'f64.convert_i32_s': unary(0xb7, 'i32', 'f64'),
  'f64.promote_f32': unary(0xbb, 'f32', 'f64'),
  'i64.reinterpret_f64': unary(0xbd, 'f64', 'i64'),
  'f64.reinterpret_i64': unary(0xbf, 'i64', 'f64'),
  'i32.wrap_i64': unary(0xa7, 'i64', 'i32'),
  'i64.extend_i32_s': unary(0xac, 'i32', 'i64'),
  'i64.trunc_sat_f64_s': unary([0xfc, 6], 'f64', 'i64'),
  'i32.trunc_sat_f64_s': unary([0xfc, 2], 'f64', 'i32'),

  'v128.load': load(simd(0), 'v128', 4),
  'v128.load64_zero': load(simd(93), 'v128', 3),
  'v128.load32_zero': load(simd(92), 'v128', 2),
  'v128.load32_splat': load(simd(9), 'v128', 2),
  'v128.load64_splat': load(simd(10), 'v128', 3),
  'v128.load32_lane': loadLane(86, 2, 4),
  'v128.load64_lane': loadLane(87, 3, 2),
  'v128.store': store(simd(11), 'v128', 4),
  'v128.store32_lane': { ...loadLane(90, 2, 4), gives: 'nothing' },
  'v128.store64_lane': { ...loadLane(91, 3, 2), gives: 'nothing' },

  'i32x4.splat': splat(17, 'i32'),
  'i64x2.splat': splat(18, 'i64'),
  'f32x4.splat': splat(19, 'f32'),
  'f64x2.splat': splat(20, 'f64'),
  'i32x4.extract_lane': extract(27, 'i32', 4),
  'i64x2.extract_lane': extract(29, 'i64', 2),
  'f32x4.extract_lane': extract(31, 'f32', 4),
  'f64x2.extract_lane': extract(33, 'f64', 2),
  'i32x4.replace_lane': replace(28, 'i32', 4),
  'f32x4.replace_lane': replace(32, 'f32', 4),
  'f64x2.replace_lane': replace(34, 'f64', 2),

  'v128.not': v1(77),
  'v128.and': v2(78),
  'v128.andnot': v2(79),
  'v128.or': v2(80),
  'v128.xor': v2(81),
  'v128.bitselect': { code: simd(82), takes: ['v128', 'v128', 'v128'], gives: 'v128' },
  'v128.any_true': test(83),
  'i32x4.all_true': test(163),

  'i32x4.eq': v2(55),
  'i32x4.ne': v2(56),
  'i32x4.lt_s': v2(57),
  'i32x4.gt_s': v2(59),
  'i32x4.le_s': v2(61),
  'i32x4.ge_s': v2(63),
  'f32x4.eq': v2(65),
  'f32x4.ne': v2(66),
  'f32x4.lt': v2(67),
  'f32x4.gt': v2(68),
  'f32x4.le': v2(69),
  'f32x4.ge': v2(70),
  'f64x2.eq': v2(71),
  'f64x2.ne': v2(72),
  'f64x2.lt': v2(73),
  'f64x2.gt': v2(74),
  'f64x2.le': v2(75),
  'f64x2.ge': v2(76),

  'i32x4.abs': v1(160),
  'i32x4.neg': v1(161),
  'i32x4.shl': shift(171),
  'i32x4.shr_s': shift(172),
  'i32x4.shr_u': shift(173),
  'i32x4.add': v2(174),
  'i32x4.sub': v2(177),
  'i32x4.mul': v2(181),
  'i32x4.min_s': v2(182),
  'i32x4.max_s': v2(184),
  'i64x2.extend_low_i32x4_s': v1(199),
  'i64x2.extend_high_i32x4_s': v1(200),
  'i64x2.shl': shift(203),
  'i64x2.shr_s': shift(204),
  'i64x2.shr_u': shift(205),
  'i64x2.add': v2(206),
  'i64x2.sub': v2(209),
  'i64x2.mul': v2(213),
  'i64x2.eq': v2(214),

  'f32x4.ceil': v1(103),
  'f32x4.floor': v1(104),
  'f32x4.trunc': v1(105),
  'f32x4.nearest': v1(106),
  'f32x4.abs': v1(224),
  'f32x4.neg': v1(225),
  'f32x4.sqrt': v1(227),
  'f32x4.add': v2(228),
  'f32x4.sub': v2(229),
  'f32x4.mul': v2(230),
  'f32x4.div': v2(231),
  'f32x4.min': v2(232),
  'f32x4.max': v2(233),
  'f32x4.pmin': v2(234),
  'f32x4.pmax': v2(235),

  'f64x2.ceil': v1(116),
  'f64x2.floor': v1(117),
  'f64x2.trunc': v1(122),
  'f64x2.nearest': v1(148),
  'f64x2.abs': v1(236),
  'f64x2.neg': v1(237),
  'f64x2.sqrt': v1(239),
  'f64x2.add': v2(240),
  'f64x2.sub': v2(241),
  'f64x2.mul': v2(242),
  'f64x2.div': v2(243),
  'f64x2.min': v2(244),
  'f64x2.max': v2(245),
  'f64x2.pmin': v2(246),
  'f64x2.pmax': v2(247),

  'f32x4.demote_f64x2_zero': v1(94),
  'f64x2.promote_low_f32x4': v1(95),
  'i32x4.trunc_sat_f32x4_s': v1(248),
  'f32x4.convert_i32x4_s': v1(250),
  'i32x4.trunc_sat_f64x2_s_zero': v1(252),
  'f64x2.convert_low_i32x4_s': v1(254),
} as const satisfies Readonly<Record<string, Instruction>>

export type InstructionName = keyof typeof INSTRUCTIONS
