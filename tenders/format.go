package tenders

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// format is what a file's content turns out to be.
type format string

const (
	formatXML  format = "xml"
	formatJSON format = "json"
	formatCSV  format = "csv"
	formatGzip format = "gzip"
	formatZip  format = "zip"
	formatTar  format = "tar"
	formatNone format = ""
)

// sniffSize is how much of a file is looked at to recognise it.
const sniffSize = 4096

// recognise tells the carrier from the first bytes; a name never counts.
func recognise(head []byte) format {
	if bytes.HasPrefix(head, []byte{0x1f, 0x8b}) {
		return formatGzip
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return formatZip
	}
	if isTar(head) {
		return formatTar
	}
	switch text := bytes.TrimLeft(withoutBOM(head), " \t\r\n\x00"); {
	case len(text) == 0:
		return formatNone
	case text[0] == '<':
		return formatXML
	case text[0] == '{', text[0] == '[':
		return formatJSON
	case isDECPCSV(head):
		return formatCSV
	}
	return formatNone
}

func withoutBOM(b []byte) []byte {
	for _, bom := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"} {
		b = bytes.TrimPrefix(b, []byte(bom))
	}
	return b
}

// missingBOM is the mark of a text in UTF-16 that has none; "" for others. No
// other text has NUL as every second byte.
func missingBOM(head []byte) string {
	switch {
	case len(head) < 4:
	case printable(head[0]) && head[1] == 0 && printable(head[2]) && head[3] == 0:
		return "\xff\xfe"
	case head[0] == 0 && printable(head[1]) && head[2] == 0 && printable(head[3]):
		return "\xfe\xff"
	}
	return ""
}

func printable(b byte) bool { return (b >= ' ' && b < 0x7f) || b == '\n' || b == '\r' || b == '\t' }

// unicodeReader gives UTF-8 whatever byte order mark opens the stream; without
// one the bytes pass unchanged.
func unicodeReader(r io.Reader) io.Reader {
	return transform.NewReader(r, unicode.BOMOverride(encoding.Nop.NewDecoder()))
}

// charsetReader reads the encodings that French publishers declare. ISO-8859-1
// is read as Windows-1252, its superset, as every browser does.
func charsetReader(label string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(strings.TrimSpace(label)) {
	case "utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be":
		return in, nil // UTF-16 was already turned by its mark
	case "iso-8859-1", "iso8859-1", "latin1", "latin-1", "windows-1252", "cp1252":
		return charmap.Windows1252.NewDecoder().Reader(in), nil
	case "iso-8859-15", "iso8859-15", "latin-9", "latin9":
		return charmap.ISO8859_15.NewDecoder().Reader(in), nil
	}
	return nil, fmt.Errorf("encoding %q is not read", label)
}

// saysUTF8 tells whether an XML document is UTF-8 by its declaration or lack of one.
func saysUTF8(doc []byte) bool {
	head := doc[:min(len(doc), 200)]
	i := bytes.Index(head, []byte("encoding="))
	end := bytes.Index(head, []byte("?>"))
	if i < 0 || end < i {
		return true
	}
	label := strings.ToLower(string(head[i+len("encoding=") : end]))
	return strings.Contains(label, "utf-8") || strings.Contains(label, "utf8")
}

var byteLabel = regexp.MustCompile(`(?i)^(\s*<\?xml[^>]{0,100}encoding\s*=\s*["'])(?:iso-?8859-(?:1|15)|latin-?[19]|windows-1252|cp1252)(["'])`)

// mislabelled recognises a document that is UTF-8 under the label of one byte a
// character, and puts the right label. Text that was in such an encoding is
// hardly ever valid UTF-8 by chance: each of its accents would have to be a pair.
func mislabelled(doc []byte) ([]byte, bool) {
	head := doc[:min(len(doc), 200)]
	if !byteLabel.Match(head) || !utf8.Valid(doc) || !slices.ContainsFunc(doc, func(b byte) bool { return b >= utf8.RuneSelf }) {
		return doc, false
	}
	return append(byteLabel.ReplaceAll(head, []byte("${1}UTF-8${2}")), doc[len(head):]...), true
}

const underAnother = "the bytes are UTF-8, whatever the document says"

// decodable makes a document of bytes that its label tells how to read, and
// says what was wrong with the label.
func decodable(raw []byte) (doc []byte, wrong string) {
	if doc, wrong := mislabelled(raw); wrong {
		return doc, underAnother
	}
	if !saysUTF8(raw) {
		return raw, ""
	}
	doc, repaired := repairUTF8(raw)
	if repaired {
		return doc, notUTF8
	}
	return doc, ""
}

// repairUTF8 turns bytes that claim to be UTF-8 and are not into UTF-8, taking
// them for Windows-1252, and says if it had to.
func repairUTF8(b []byte) ([]byte, bool) {
	if utf8.Valid(b) {
		return b, false
	}
	fixed, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return bytes.ToValidUTF8(b, []byte("?")), true
	}
	return fixed, true
}

// errTooLarge is the reason given for a record over the bound.
var errTooLarge = errors.New("larger than the bound for one record")

// readBounded reads all of r, at most limit bytes; beyond, it returns what it
// read with errTooLarge.
func readBounded(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		return b[:limit], fmt.Errorf("%w (%d bytes)", errTooLarge, limit)
	}
	return b, err
}
