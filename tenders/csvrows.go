package tenders

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// maxColumns bounds the columns of a table; the fullest real one has about 80.
const maxColumns = 1000

// csvRow is one row of a table, or why it could not be had.
type csvRow struct {
	cells []string
	over  int    // cells with a text beyond the columns of the table
	line  int    // where it begins, from 1
	raw   []byte // valid until the next row
	whole bool   // it ends with a line break, so nothing of it was cut off
	err   error
}

// rowReader cuts a table into rows (RFC 4180, with the quotes of real files:
// one inside a cell stands for itself). A row is bounded in bytes whatever its
// line breaks. A quote that is never closed costs its own row only: reading
// goes on at the next line that begins a row.
type rowReader struct {
	in    *bufio.Reader
	limit int64
	line  int
	cells cellCutter
	probe cellCutter
	// begins tells the cells of a line that can only be the beginning of a row;
	// open: its last cell goes on in the next line.
	begins func(cells []string, open bool) bool
	ahead  []byte // a line that was read and begins the next row
	lost   bool   // what comes belongs to no row until a line begins one
	raw    []byte
}

func newRowReader(r io.Reader, sep byte, limit int64) *rowReader {
	return &rowReader{in: bufio.NewReaderSize(r, 64<<10), limit: limit,
		cells: cellCutter{sep: sep, width: maxColumns}, probe: cellCutter{sep: sep, width: maxColumns}}
}

// next gives the next row; io.EOF ends the table, any other error the reading.
func (r *rowReader) next() (csvRow, error) {
	if r.lost {
		if row, err := r.find(); row.err != nil || err != nil {
			return row, err
		}
	}
	line, over, err := r.readLine()
	for err == nil && len(bytes.TrimRight(line, "\r\n")) == 0 {
		line, over, err = r.readLine()
	}
	if err != nil {
		return csvRow{}, err
	}
	row := csvRow{line: r.line}
	r.raw = append(r.raw[:0], line...)
	if over {
		r.lost = true
		row.raw, row.err = r.raw, fmt.Errorf("%w (%d bytes)", errTooLarge, r.limit)
		return row, nil
	}
	r.cells.reset()
	r.cells.take(line)
	row.err, err = r.join()
	row.raw, row.whole = r.raw, bytes.HasSuffix(r.raw, []byte("\n"))
	row.cells, row.over = r.cells.list(), r.cells.over
	return row, err
}

// join takes the lines over which the last cell goes on.
func (r *rowReader) join() (refused, err error) {
	from := r.line
	for r.cells.open {
		line, over, err := r.readLine()
		switch {
		case errors.Is(err, io.EOF):
			return refuse(RefusedTruncated, "a quote that opens in this row is not closed; lines %d to %d are not read", from, r.line), nil
		case err != nil:
			return nil, err
		case over || int64(len(r.raw)+len(line)) > r.limit:
			r.lost = true
			return refuse(RefusedTooLarge, "a quote that opens in this row is not closed; lines %d to %d are not read", from, r.line), nil
		case r.beginsRow(line):
			r.ahead = bytes.Clone(line)
			return refuse(RefusedSyntax, "a quote that opens in this row is not closed; lines %d to %d are not read", from, r.line-1), nil
		}
		r.raw = append(r.raw, line...)
		r.cells.take(line)
	}
	return nil, nil
}

func (r *rowReader) beginsRow(line []byte) bool {
	if r.begins == nil {
		return false
	}
	r.probe.reset()
	r.probe.take(line)
	return r.begins(r.probe.list(), r.probe.open)
}

// find passes the lines that begin no row, and tells them.
func (r *rowReader) find() (csvRow, error) {
	passed, first := csvRow{line: r.line + 1}, r.line+1
	for {
		line, over, err := r.readLine()
		found := err == nil && !over && r.beginsRow(line)
		if !found && err == nil {
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return csvRow{}, err
		}
		r.lost = false
		last := r.line
		if found {
			r.ahead, last = bytes.Clone(line), r.line-1
		}
		if last >= first {
			passed.err = refuse(RefusedSyntax, "lines %d to %d begin no row and are not read", first, last)
		}
		return passed, nil
	}
}

// readLine reads a line with its break, or the one that was put back. A line
// over the bound is read to its end and only its beginning is given.
func (r *rowReader) readLine() (line []byte, over bool, err error) {
	if r.ahead != nil {
		line, r.ahead = r.ahead, nil
		return line, false, nil
	}
	part, err := r.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line, over, err = r.longLine(bytes.Clone(part))
	} else {
		line = part
	}
	if errors.Is(err, io.EOF) && len(line) > 0 {
		err = nil
	}
	if err == nil {
		r.line++
	}
	return line, over, err
}

func (r *rowReader) longLine(line []byte) ([]byte, bool, error) {
	for over := false; ; {
		part, err := r.in.ReadSlice('\n')
		if over = over || int64(len(line)+len(part)) > r.limit; !over {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line[:min(len(line), int(r.limit))], over, err
		}
	}
}

// cellCutter cuts lines into cells, of which it keeps as many as the table has
// columns.
type cellCutter struct {
	sep   byte
	width int
	open  bool // inside quotes
	text  []byte
	from  int   // where the cell under way begins in text
	ends  []int // of the cells in text
	over  int   // cells with a text beyond the width
}

func (c *cellCutter) reset() {
	c.open, c.text, c.from, c.ends, c.over = false, c.text[:0], 0, c.ends[:0], 0
}

// take cuts one line more.
func (c *cellCutter) take(line []byte) {
	for {
		if !c.open && len(line) > 0 && line[0] == '"' {
			c.open, line = true, line[1:]
		}
		if c.open {
			if line = c.quoted(line); c.open {
				return
			}
			c.end()
			if len(line) == 0 || line[0] != c.sep {
				return
			}
			line = line[1:]
			continue
		}
		i := bytes.IndexByte(line, c.sep)
		if i < 0 {
			c.text = append(c.text, bytes.TrimRight(line, "\r\n")...)
			c.end()
			return
		}
		c.text = append(c.text, line[:i]...)
		c.end()
		line = line[i+1:]
	}
}

// quoted takes a cell up to its closing quote, which stands before a separator
// or the end of a line, and gives what follows.
func (c *cellCutter) quoted(line []byte) []byte {
	for {
		i := bytes.IndexByte(line, '"')
		if i < 0 {
			c.text = append(c.text, line...)
			return nil
		}
		c.text, line = append(c.text, line[:i]...), line[i+1:]
		if len(line) == 0 || line[0] == c.sep || line[0] == '\n' || line[0] == '\r' {
			c.open = false
			return line
		}
		c.text = append(c.text, '"')
		if line[0] == '"' {
			line = line[1:]
		}
	}
}

func (c *cellCutter) end() {
	if len(c.ends) < c.width {
		c.ends, c.from = append(c.ends, len(c.text)), len(c.text)
		return
	}
	if len(bytes.TrimSpace(c.text[c.from:])) > 0 {
		c.over++
	}
	c.text = c.text[:c.from]
}

// list gives the cells that are whole, in a text of their own.
func (c *cellCutter) list() []string {
	text, cells, from := string(c.text), make([]string, len(c.ends)), 0
	for i, end := range c.ends {
		cells[i], from = text[from:end], end
	}
	return cells
}
