package release

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
)

// Lengths of what a ZIP holds around its files, in bytes (APPNOTE.TXT 6.3.10, 4.3).
const (
	localLength     = 30
	centralLength   = 46
	endLength       = 22
	laterDescriptor = 16     // signature, CRC and both sizes, after the content
	sizesComeLater  = 1 << 3 // flag: they are not in the local header
)

// sealed asks that the archive hold its files and nothing else: they follow one another
// from the first byte on, each behind the header that the directory tells of it, and
// the directory ends the file. Readers that trust one or the other then see the same.
func (v *verification) sealed(r io.ReaderAt, size int64, entries []*zip.File) {
	at, directory := int64(0), int64(0)
	for _, entry := range entries {
		next, ok := follows(r, at, entry)
		if !ok {
			v.say(clip(entry.Name), "son en-tête n’est pas celui que dit le répertoire de l’archive, ou des octets sont en trop devant lui",
				"its header is not the one that the directory of the archive tells, or bytes were added before it")
			return
		}
		at, directory = next, directory+centralLength+int64(len(entry.Name)+len(entry.Extra)+len(entry.Comment))
	}
	if !ends(r, size, len(entries), at, directory) {
		v.say("", "l’archive porte des octets en trop, avant, après ou entre ses fichiers", "the archive holds added bytes, before, after or between its files")
	}
}

// follows says whether the local header at a place is that of the entry, and where the next one begins.
func follows(r io.ReaderAt, at int64, e *zip.File) (int64, bool) {
	head := make([]byte, localLength+len(e.Name)+len(e.Extra))
	content, err := e.DataOffset()
	if err != nil || content != at+int64(len(head)) {
		return 0, false
	}
	if _, err := r.ReadAt(head, at); err != nil || !bytes.Equal(head, localHeader(e)) {
		return 0, false
	}
	next := content + int64(e.CompressedSize64) //nolint:gosec // an archive is below a gigabyte, and the reader has found this entry in it
	if e.Flags&sizesComeLater == 0 {
		return next, true
	}
	later := make([]byte, laterDescriptor)
	_, err = r.ReadAt(later, next)
	return next + laterDescriptor, err == nil && bytes.Equal(later, descriptorOf(e))
}

// localHeader is what the directory says of an entry, in the form of a local header.
func localHeader(e *zip.File) []byte {
	crc, packed, plain := e.CRC32, uint32(e.CompressedSize64), uint32(e.UncompressedSize64) //nolint:gosec // below a gigabyte
	if e.Flags&sizesComeLater != 0 {
		crc, packed, plain = 0, 0, 0
	}
	b := binary.LittleEndian.AppendUint32(nil, 0x04034b50)
	for _, n := range []uint16{e.ReaderVersion, e.Flags, e.Method, e.ModifiedTime, e.ModifiedDate} { //nolint:staticcheck // the fields as they are written
		b = binary.LittleEndian.AppendUint16(b, n)
	}
	for _, n := range []uint32{crc, packed, plain} {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	b = binary.LittleEndian.AppendUint16(b, uint16(len(e.Name)))  //nolint:gosec // read from two bytes
	b = binary.LittleEndian.AppendUint16(b, uint16(len(e.Extra))) //nolint:gosec // read from two bytes
	return append(append(b, e.Name...), e.Extra...)
}

func descriptorOf(e *zip.File) []byte {
	b := binary.LittleEndian.AppendUint32(nil, 0x08074b50)
	for _, n := range []uint32{e.CRC32, uint32(e.CompressedSize64), uint32(e.UncompressedSize64)} { //nolint:gosec // below a gigabyte
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	return b
}

// ends says whether a directory of so many bytes, at its place, and its end record
// without comment are the last bytes of the file.
func ends(r io.ReaderAt, size int64, entries int, at, directory int64) bool {
	end := make([]byte, endLength)
	if at+directory+endLength != size {
		return false
	}
	if _, err := r.ReadAt(end, size-endLength); err != nil {
		return false
	}
	b := binary.LittleEndian.AppendUint32(nil, 0x06054b50)
	for _, n := range []int{0, 0, entries, entries} {
		b = binary.LittleEndian.AppendUint16(b, uint16(n)) //nolint:gosec // at most maxEntries
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(directory)) //nolint:gosec // within the file
	b = binary.LittleEndian.AppendUint32(b, uint32(at))        //nolint:gosec // within the file
	return bytes.Equal(end, append(b, 0, 0))
}
