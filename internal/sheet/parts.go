package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"path"
	"strings"

	"maillage/internal/fault"
)

// The bounds of the parts of a workbook, once unpacked.
const (
	maxUnzipped = 256 << 20 // all that is read
	maxPlain    = 8 << 20   // what is neither a sheet nor the texts: the list of the sheets
	maxInMemory = 1 << 20   // a larger sheet is unpacked on the disk
)

// onlyCells gives a workbook without the parts that hold no cell (styles,
// pictures, charts, notes): the library would unpack them in memory whole. Those
// that are left have been looked through from end to end, as a stream: what the
// library will keep of them is within the bounds of a file, no sheet is read
// twice, and none stops halfway, which the library would take for its end.
func onlyCells(data []byte) ([]byte, error) {
	packed, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, unreadable(err)
	}
	parts, err := partsOf(packed)
	if err != nil {
		return nil, err
	}
	if err := lookThrough(parts); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range parts {
		if err := w.Copy(part); err != nil {
			return nil, unreadable(err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, unreadable(err)
	}
	return out.Bytes(), nil
}

// partsOf gives the parts that hold cells or lead to them; the list of the sheets before the sheets.
func partsOf(packed *zip.Reader) ([]*zip.File, error) {
	var plain, large []*zip.File
	var total, small uint64
	names := map[string]bool{}
	for _, f := range packed.File {
		name := partName(f)
		if !holdsCells(name) {
			continue
		}
		if names[name] {
			return nil, unreadable(fmt.Errorf("part %q twice", name))
		}
		names[name] = true
		total += f.UncompressedSize64
		if strings.HasPrefix(name, "xl/worksheets/sheet") || name == "xl/sharedstrings.xml" {
			large = append(large, f)
			continue
		}
		small += f.UncompressedSize64
		plain = append(plain, f)
	}
	if total > maxUnzipped || small > maxPlain {
		return nil, fault.New(fault.KindTooLarge, "too-large", "Ce classeur est trop grand une fois déplié (limite : 256 Mo).", "This workbook is too large once unpacked (limit: 256 MB).")
	}
	return append(plain, large...), nil
}

func unreadable(cause error) error {
	return fault.Invalid(fault.At("file", "workbook", "Ce classeur ne peut pas être lu.", "This workbook cannot be read.")).Because(cause)
}

func partName(f *zip.File) string { return strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/")) }

// holdsCells tells the parts that hold cells, by their name in lower case, and those that lead to them.
func holdsCells(name string) bool {
	dir, base := path.Split(name)
	folder := path.Base(dir)
	switch {
	case name == "[content_types].xml", base == "sharedstrings.xml":
		return true
	case folder == "_rels":
		return base == ".rels" || strings.HasPrefix(base, "workbook")
	case path.Ext(base) != ".xml":
		return false
	}
	return strings.HasPrefix(base, "workbook") || strings.HasSuffix(folder, "sheets")
}
