/**
 * Bytes as text of a module: one character for those that WebAssembly is full of, two for the others, of which none means anything in
 * strings or HTML. A character stands for the same byte wherever it is, so that compressed modules are as short as with the bytes
 * themselves; base64 would hide what repeats. `bytesOf` of the support reads it.
 */
export function textOfBytes(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at++) text += TEXTS[bytes[at]]
  return text
}

const codeOf = (char: string): number => char.charCodeAt(0)

const SINGLE = codeOf('#')
const DOUBLE = codeOf('o')
const LOW = codeOf('a')
const AVOIDED: ReadonlySet<number> = new Set([...'<\\`'].map(codeOf))

const TEXTS = Array.from({ length: 256 }, (_, byte) => {
  // From 253 over 0 to 72.
  const single = SINGLE + ((byte + 3) & 255)
  return single < DOUBLE && !AVOIDED.has(single)
    ? String.fromCharCode(single)
    : String.fromCharCode(DOUBLE + (byte >> 4), LOW + (byte & 15))
})
