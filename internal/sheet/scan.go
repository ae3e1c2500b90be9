package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/htmlindex"

	"maillage/internal/fault"
)

// The bounds of what a part of a workbook says.
const (
	maxSheets  = 250
	maxTexts   = 1_000_000 // different texts of cells
	maxWritten = 1 << 20   // bytes between two cells, or of one: its text, its formula, the fonts of its words
	maxDepth   = 64
)

// scan looks through the parts of a workbook, the list of the sheets before the sheets.
type scan struct {
	sheets []listed
	paths  map[string]string // of parts, by the identifier under which they are listed
	cells  int               // of all the sheets, blank ones before the last of a row included
	texts  int
}

// listed is a sheet in the list of a workbook.
type listed struct{ id, name string }

func lookThrough(parts []*zip.File) error {
	s := &scan{paths: map[string]string{}}
	for _, part := range parts {
		if err := s.part(part); err != nil {
			return err
		}
	}
	read := map[string]bool{}
	for _, sheet := range s.sheets { // a hundred names of one sheet would have it read a hundred times
		at := s.paths[sheet.id]
		if read[at] {
			return unreadable(fmt.Errorf("part %q listed twice", at))
		}
		read[at] = true
	}
	return nil
}

func (s *scan) part(f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return unreadable(err)
	}
	defer func() { _ = r.Close() }()
	c := &cursor{scan: s, place: place{sheet: s.nameOf(partName(f))}, gate: &gate{r: r, left: maxWritten}}
	c.xml = xml.NewDecoder(c.gate)
	c.xml.CharsetReader = inCharset
	for err == nil {
		err = c.next()
	}
	var over *fault.Error
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case errors.As(err, &over):
		return over
	case errors.Is(err, errWritten) && c.inside > 0:
		return c.overCell()
	}
	return unreadable(fmt.Errorf("%s: %w", f.Name, err))
}

func (s *scan) nameOf(part string) string {
	for _, sheet := range s.sheets {
		if s.paths[sheet.id] == part {
			return sheet.name
		}
	}
	return ""
}

// cursor goes through one part.
type cursor struct {
	*scan
	place
	gate          *gate
	xml           *xml.Decoder
	depth, inside int  // of the elements that are open, and of the cell or text among them
	width         int  // cells that the library makes of the row so far
	value         bool // the cell has one
}

// next reads one token. What is written between two tokens is bounded, and all that is written of a cell.
func (c *cursor) next() error {
	token, err := c.xml.Token()
	if err != nil {
		return err
	}
	switch t := token.(type) {
	case xml.StartElement:
		err = c.open(t)
	case xml.EndElement:
		err = c.close(t.Name.Local)
	}
	if c.inside == 0 {
		c.gate.left = maxWritten
	}
	return err
}

func (c *cursor) open(t xml.StartElement) error {
	if c.depth++; c.depth > maxDepth {
		return errors.New("elements too deep")
	}
	name := t.Name.Local
	if c.inside > 0 {
		c.value = c.value || name == "v" || name == "f" || name == "is"
		return nil
	}
	switch name {
	case "row":
		return c.row(attribute(t, "r"))
	case "c":
		c.inside, c.value = c.depth, false
		return c.cell(attribute(t, "r"))
	case "si":
		c.inside = c.depth
		if c.texts++; c.texts > maxTexts {
			return c.over("un million de textes différents au plus", "a million different texts at most")
		}
	case "sheet":
		c.sheets = append(c.sheets, listed{attribute(t, "id"), attribute(t, "name")})
		if len(c.sheets) > maxSheets {
			return c.over("250 feuilles au plus", "250 sheets at most")
		}
	case "Relationship":
		c.paths[attribute(t, "Id")] = pathOf(attribute(t, "Target"))
	}
	return nil
}

// row begins the row of this number, or the next one.
func (c *cursor) row(number string) error {
	c.line, c.column, c.width = c.line+1, 0, 0
	if number == "" {
		return nil
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > excelize.TotalRows {
		return fmt.Errorf("row %q", number)
	}
	c.line = n
	return nil
}

// cell begins the cell of this name, or the next one.
func (c *cursor) cell(name string) (err error) {
	c.column++
	if name != "" {
		c.column, _, err = excelize.CellNameToCoordinates(name)
	}
	return err
}

func (c *cursor) close(name string) error {
	c.depth--
	if c.inside <= c.depth {
		return nil
	}
	c.inside = 0
	if name != "c" {
		return nil
	}
	return c.laid()
}

// laid counts the cell that ends as the library lays it out: a cell with a value
// comes after those of its row and after as many blank ones as its column wants.
func (c *cursor) laid() error {
	before := c.width
	if c.value {
		c.width = max(c.width+1, c.column)
	}
	if c.width > maxColumns {
		return c.overColumns()
	}
	if c.cells += max(1, c.width-before); c.cells > maxCells {
		return c.overCells()
	}
	return nil
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// pathOf is where a target that the workbook leads to is among the parts, in lower case.
func pathOf(target string) string {
	target = strings.ToLower(target)
	if rooted, ok := strings.CutPrefix(target, "/"); ok {
		return path.Clean(rooted)
	}
	return path.Join("xl", target)
}

func inCharset(label string, r io.Reader) (io.Reader, error) {
	e, err := htmlindex.Get(label)
	if err != nil {
		return nil, err
	}
	return e.NewDecoder().Reader(r), nil
}

// gate lets so many bytes through, until it is told that they were understood.
type gate struct {
	r    io.Reader
	left int
}

var errWritten = errors.New("more is written in one place than a cell holds")

func (g *gate) Read(p []byte) (int, error) {
	if g.left <= 0 {
		return 0, errWritten
	}
	n, err := g.r.Read(p[:min(len(p), g.left)])
	g.left -= n
	return n, err
}
