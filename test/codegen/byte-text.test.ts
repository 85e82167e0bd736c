/** Bytes as text: what is written is read back, and the text may stand anywhere. */
import { expect, test } from 'vitest'
import { textOfBytes } from '../../codegen/js/byte-text.js'
import { bytesOf, VECTORS } from '../../codegen/js/support/webassembly.js'

test('every byte beside every other one is read back', () => {
  const bytes = new Uint8Array(2 * 65536)
  for (let pair = 0; pair < 65536; pair++) bytes.set([pair >> 8, pair & 255], 2 * pair)
  const text = textOfBytes(bytes)
  expect(Buffer.from(bytesOf(text)).equals(bytes)).toBe(true)
  // Nothing that strings, templates or HTML give a meaning to.
  expect(text).toMatch(/^[#-;=-[\]-_a-~]+$/)
})

test('the module that asks for vectors is one', () => {
  const bytes = bytesOf(VECTORS)
  expect([...bytes.subarray(0, 8)]).toEqual([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00])
  expect(WebAssembly.validate(bytes)).toBe(true)
  // Its instruction that makes a vector.
  expect(Buffer.from(bytes).includes(Buffer.from([0xfd, 0x0f]))).toBe(true)
})
