import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  /** With slashes, from the root of the archive. */
  readonly path: string
  readonly bytes: Uint8Array
}

const VERSION = 20
/** Names are UTF-8. */
const FLAGS = 0x0800
const DEFLATE = 8
/** 1980-01-01, 00:00: the same files give the same archive. */
const DATE = (1 << 5) | 1
const MOST_BYTES = 0xffffffff

/** A zip archive (PKWARE APPNOTE 6.3.3, without extensions). */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { path, bytes } of entries) {
    const name = Buffer.from(path)
    const data = deflateRawSync(bytes, { level: 9 })
    const common = Buffer.alloc(26)
    common.writeUInt16LE(VERSION, 0)
    common.writeUInt16LE(FLAGS, 2)
    common.writeUInt16LE(DEFLATE, 4)
    common.writeUInt16LE(0, 6)
    common.writeUInt16LE(DATE, 8)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(name.length, 22)
    files.push(signature(0x04034b50), common, name, data)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    directory.push(signature(0x02014b50), short(VERSION), common, place, name)
    offset += 4 + common.length + name.length + data.length
  }
  const size = directory.reduce((sum, each) => sum + each.length, 0)
  if (offset + size > MOST_BYTES || entries.length > 0xffff)
    throw new Error('too large for a plain zip archive')
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(size, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...files, ...directory, signature(0x06054b50), end])
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}
