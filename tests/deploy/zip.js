// What is in a zip, from its directory at the end.

const ENTRY_BYTES = 46;

/** { name: bytes of the file }, unpacked. */
export function filesIn(zip) {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  const files = {};
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    files[zip.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes)] = zip.readUInt32LE(at + 24);
    at += ENTRY_BYTES + nameBytes + extraBytes + commentBytes;
  }
  return files;
}
