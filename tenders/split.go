package tenders

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// containers are the keys under which an API page or an export keeps its records.
var containers = map[string]bool{"results": true, "records": true, "releases": true, "marches": true}

// groups are the keys of an object that holds several such lists (DECP of 2022:
// /marches/marche, /marches/contrat-concession).
var groups = map[string]bool{"marches": true}

// piece is one JSON value cut out of a stream, before it is understood.
type piece struct {
	raw   []byte // what was kept of it, bounded
	where string // "record 12, byte 3456"
	err   error  // why it could not be cut out whole
}

// splitter cuts a stream of JSON into its records: the elements of a top array,
// of the "results" of a page, of the lists of a group, or values one after the other (JSON lines). It
// looks only at strings and brackets, so a record whose inside is wrong does
// not hide the next one, and it never holds more than one record. Where the
// brackets themselves are wrong it finds the next record again (cutter.go).
type splitter struct {
	in     *bufio.Reader
	back   []byte // read, and given back: what comes before in
	at     int    // bytes of back that were read again
	again  int64  // bytes given back in all
	limit  int64
	pos    int64 // bytes read
	count  int
	nested []byte // closing brackets awaited around the records
	group  bool   // inside an object of lists: nested begins with its page and itself
}

func newSplitter(r io.Reader, limit int64) *splitter {
	return &splitter{in: bufio.NewReaderSize(r, 64<<10), limit: limit}
}

func (s *splitter) readByte() (byte, error) {
	if s.at < len(s.back) {
		s.at, s.pos = s.at+1, s.pos+1
		return s.back[s.at-1], nil
	}
	if s.back != nil {
		s.back, s.at = nil, 0
	}
	c, err := s.in.ReadByte()
	if err == nil {
		s.pos++
	}
	return c, err
}

func (s *splitter) unread() {
	if s.at > 0 {
		s.at, s.pos = s.at-1, s.pos-1
		return
	}
	if s.in.UnreadByte() == nil {
		s.pos--
	}
}

// next gives the next record, io.EOF at the end. Any other error ends the stream.
func (s *splitter) next() (piece, error) {
	for {
		c, err := s.readByte()
		if err != nil && errors.Is(err, io.EOF) && len(s.nested) > 0 {
			s.nested = nil
			return piece{where: s.here(), err: fmt.Errorf("truncated: the list of records is not closed after record %d", s.count)}, nil
		}
		if err != nil {
			return piece{}, err
		}
		switch {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == 0x1e:
		case c == '[' && (len(s.nested) == 0 || s.amongLists()):
			s.nested = append(s.nested, ']')
		case s.amongLists() && c == ':':
		case s.amongLists() && c == '"':
			if err := s.skipText(); err != nil {
				return piece{}, err
			}
		case len(s.nested) > 0 && c == s.nested[len(s.nested)-1]:
			if err := s.leave(); err != nil {
				return piece{}, err
			}
		case c == '{':
			p, streaming, err := s.object()
			if streaming {
				continue
			}
			return p, err
		default:
			return s.garbage(c)
		}
	}
}

// amongLists tells that what comes is a key of an object of lists, or its list.
func (s *splitter) amongLists() bool { return s.group && len(s.nested) == 2 }

// skipText passes the end of a text; a file that ends inside is told by next.
func (s *splitter) skipText() error {
	for escaped := false; ; {
		c, err := s.readByte()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil || (c == '"' && !escaped) {
			return err
		}
		escaped = c == '\\' && !escaped
	}
}

func (s *splitter) here() string { return fmt.Sprintf("record %d, byte %d", s.count, s.pos) }

// leave closes the innermost container; after the list of a page it skips the
// rest of the page.
func (s *splitter) leave() error {
	s.nested = s.nested[:len(s.nested)-1]
	if len(s.nested) == 0 || s.nested[len(s.nested)-1] != '}' {
		return nil
	}
	if s.amongLists() {
		return nil // the next list of the group
	}
	s.group = false
	s.nested = s.nested[:len(s.nested)-1]
	for depth, quoted := 1, false; depth > 0; {
		c, err := s.readByte()
		if err != nil && errors.Is(err, io.EOF) {
			return nil // the records are all there; the page's own end is not ours
		}
		if err != nil {
			return err
		}
		switch {
		case quoted && c == '\\':
			if _, err := s.readByte(); err != nil && !errors.Is(err, io.EOF) {
				return err
			}
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// object reads one object whose first brace is read. It reports streaming when
// the object is a page: the next records are then the elements of its list.
func (s *splitter) object() (p piece, streaming bool, err error) {
	s.count++
	p.where = s.here()
	cut := &cutter{limit: s.limit, top: len(s.nested) == 0, open: make([]byte, 1, 16), last: '{'}
	cut.open[0] = '{'
	cut.keep('{')
	for len(cut.open) > 0 {
		s.passPlain(cut)
		c, rerr := s.readByte()
		if rerr != nil && errors.Is(rerr, io.EOF) {
			return s.ended(p, cut), false, nil
		}
		if rerr != nil {
			return p, false, rerr
		}
		before := cut.over
		cut.keep(c)
		switch step := cut.see(c); {
		case step == pageStep:
			s.count--
			s.nested = append(s.nested, '}', ']')
			return piece{}, true, nil
		case step == groupStep:
			s.count, s.group = s.count-1, true
			s.nested = append(s.nested, '}', '}')
			return piece{}, true, nil
		case step == textStep:
			return s.broken(p, cut), false, nil
		case step == lostStep && !cut.over:
			if at := cut.next(); at > 0 && s.giveBack(cut.raw, at) {
				p.raw, p.err = cut.raw[:at], errOpenRecord
				return p, false, nil
			}
		case step == endStep:
			s.unread()
			p.raw, p.err = cut.raw[:len(cut.raw)-1], errOpenRecord
			if cut.over {
				p.raw = cut.raw
			}
			return p, false, nil
		}
		if cut.over && !before && cut.top {
			s.unread()
			if at := cut.next(); at > 0 && s.giveBack(cut.raw, at) {
				p.raw, p.err = cut.raw[:at], errOpenRecord
				return p, false, nil
			}
			if _, err := s.readByte(); err != nil {
				return p, false, err
			}
		}
	}
	p.raw = cut.raw
	if cut.over {
		p.err = fmt.Errorf("%w (%d bytes)", errTooLarge, s.limit)
	}
	return p, false, nil
}

// garbage keeps what is no object as a bad record, up to the end of the value
// or of the line. Several in a row are one bad record: there may be millions.
func (s *splitter) garbage(first byte) (piece, error) {
	s.count++
	p := piece{where: s.here(), raw: []byte{first}, err: errors.New("not a JSON object")}
	for n := 1; ; n++ {
		err := s.passValue(&p)
		more := false
		if err == nil {
			more, err = s.anotherScalar()
		}
		if err == nil && more {
			s.count++
			continue
		}
		if n > 1 {
			p.err = fmt.Errorf("not a JSON object, nor the others of %d in a row", n)
		}
		return p, err
	}
}

// passValue reads to the end of a value that is no object.
func (s *splitter) passValue(p *piece) error {
	for {
		c, err := s.readByte()
		if err != nil && errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if c == '\n' || (len(s.nested) > 0 && (c == ',' || c == s.nested[len(s.nested)-1])) {
			s.unread()
			return nil
		}
		if len(p.raw) < 4096 {
			p.raw = append(p.raw, c)
		}
	}
}

// anotherScalar tells whether what comes after a value is no object either.
func (s *splitter) anotherScalar() (bool, error) {
	if s.amongLists() {
		return false, nil
	}
	for {
		c, err := s.readByte()
		switch {
		case err != nil && errors.Is(err, io.EOF):
			return false, nil
		case err != nil:
			return false, err
		case c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == 0x1e:
			continue
		}
		s.unread()
		return c != '{' && c != '[' && c != '}' && c != ']', nil
	}
}
