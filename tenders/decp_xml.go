package tenders

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"unicode/utf8"
)

// The essential data in XML: <marches> of <marche> and <contrat-concession>,
// or one of these alone. A file has a whole region's year, so one contract is
// held at a time.

// decpRoots are the root elements of the essential data.
var decpRoots = map[string]bool{"marches": true, "marche": true, "contrat-concession": true}

// maxProlog bounds the comments and declarations before a root element.
const maxProlog = 256 << 10

// peekRoot finds the local name of the root element, "" where there is none
// within the bound, and gives the whole stream back.
func peekRoot(r io.Reader) (string, io.Reader, error) {
	head, r, err := peek(r)
	if name := rootName(head); name != "" || err != nil || len(head) < sniffSize {
		return name, r, err
	}
	head, r, err = peekAt(r, maxProlog)
	return rootName(head), r, err
}

var (
	prolog  = regexp.MustCompile(`^(?:\s+|<\?(?s:.*?)\?>|<!--(?s:.*?)-->)`)
	doctype = regexp.MustCompile(`^<!DOCTYPE[^\[>]*(?:\[(?s:.*?)\]\s*)?>`)
	rootTag = regexp.MustCompile(`^<(?:[\w.-]+:)?([\w.-]+)[\s>/]`)
)

// rootName passes what may stand before the root element.
func rootName(head []byte) string {
	head = bytes.TrimLeft(withoutBOM(head), "\x00")
	for {
		skip := len(prolog.Find(head)) + len(doctype.Find(head))
		if skip == 0 {
			break
		}
		head = head[skip:]
	}
	if m := rootTag.FindSubmatch(head); m != nil {
		return string(m[1])
	}
	return ""
}

// tape keeps the bytes of the record being read, and ends a record that is
// larger than the bound.
type tape struct {
	in    io.Reader
	kept  []byte
	start int64 // offset of kept[0]
	limit int64
}

func (t *tape) Read(b []byte) (int, error) {
	if int64(len(t.kept)) > t.limit {
		return 0, fmt.Errorf("%w (%d bytes)", errTooLarge, t.limit)
	}
	n, err := t.in.Read(b[:min(len(b), 16<<10)])
	t.kept = append(t.kept, b[:n]...)
	return n, err
}

// forget drops what stands before an offset.
func (t *tape) forget(offset int64) {
	n := min(max(0, offset-t.start), int64(len(t.kept)))
	t.kept = append(t.kept[:0], t.kept[n:]...)
	t.start += n
}

func (t *tape) until(offset int64) []byte {
	return bytes.Clone(t.kept[:min(max(0, offset-t.start), int64(len(t.kept)))])
}

// decpXML streams the contracts of a document. What breaks the syntax costs its
// own contract: the next one is found by its tag (decp_resume.go).
func (p *Parser) decpXML(ctx context.Context, name string, r io.Reader, yield func(Record) bool) {
	r, wrong, err := underLabel(r)
	if err != nil {
		yield(Record{Path: name, Err: asRefusal(err, RefusedFormat, "")})
		return
	}
	s := &decpStream{parser: p, name: name, wrong: wrong}
	s.read(r)
	for ctx.Err() == nil {
		rec, err := s.next()
		if errors.Is(err, io.EOF) {
			if s.count == 0 {
				yield(Record{Path: name, Err: refuse(RefusedFormat, "the text holds no record")})
			}
			return
		}
		goesOn := err == nil
		if err != nil {
			rec, goesOn = s.broken(err)
		}
		if !yield(rec) || !goesOn {
			return
		}
	}
}

// read begins to decode a stream, which is UTF-8 by now.
func (s *decpStream) read(r io.Reader) {
	s.tape = &tape{in: r, limit: s.parser.limit}
	s.dec = xml.NewDecoder(s.tape)
	s.dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
}

var xmlEncoding = regexp.MustCompile(`encoding=["']([A-Za-z0-9._-]+)["']`)

func declared(head []byte) string {
	if m := xmlEncoding.FindSubmatch(head[:min(len(head), 200)]); m != nil {
		return string(m[1])
	}
	return ""
}

// lookedAt is how much of a document, in bytes, tells whether its label is
// right: the first accents stand in its first contracts.
const lookedAt = 64 << 10

// underLabel gives UTF-8 of a document by its label, or by its bytes where they
// are UTF-8 under another, and then says so.
func underLabel(r io.Reader) (_ io.Reader, wrong string, _ error) {
	in := bufio.NewReaderSize(r, lookedAt)
	head, err := in.Peek(lookedAt)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, "", err
	}
	if saysUTF8(head) {
		return in, "", nil
	}
	if _, is := mislabelled(wholeRunes(head)); is {
		return in, underAnother, nil
	}
	out, err := charsetReader(declared(head), in)
	return out, "", err
}

// wholeRunes leaves out the character that the end of a text cuts.
func wholeRunes(text []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(text); i++ {
		if last := text[len(text)-i:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				return text[:len(text)-i]
			}
			break
		}
	}
	return text
}

// decpStream is a document being read.
type decpStream struct {
	*tape
	dec    *xml.Decoder
	parser *Parser
	name   string
	count  int
	wrong  string // what was wrong with the label of the encoding
	alone  bool   // the root element is a contract
	opened bool   // the root element was seen
	bytes  int64  // before what is decoded now
	lines  int
}

func (s *decpStream) next() (Record, error) {
	for {
		before := s.dec.InputOffset()
		s.forget(before)
		tok, err := s.dec.Token()
		if errors.Is(err, io.EOF) {
			return Record{}, io.EOF
		}
		if err == nil {
			err = refuseEntities(tok)
		}
		if err != nil {
			return Record{}, err
		}
		el, ok := tok.(xml.StartElement)
		if ok && !s.opened {
			s.opened, s.alone = true, el.Name.Local != "marches"
		}
		if ok && el.Name.Local != "marches" {
			return s.record()
		}
	}
}

var errEntities = errors.New("entity declarations are not accepted")

func refuseEntities(tok xml.Token) error {
	if d, ok := tok.(xml.Directive); ok && bytes.Contains(d, []byte("<!ENTITY")) {
		return errEntities
	}
	return nil
}

// record reads the contract whose first tag is read.
func (s *decpStream) record() (Record, error) {
	s.count++
	nodes := 0
	value, err := s.element(1, &nodes)
	if err != nil {
		return Record{}, err
	}
	rec := Record{Path: s.name, Where: s.here(), Raw: s.until(s.dec.InputOffset())}
	doc := jnode{value, ""}
	if !isDECP(doc) {
		rec.Err = asRefusal(refuse(RefusedMissing, "the notice lacks the name of a buyer"), RefusedMissing, rec.Where)
		return rec, nil
	}
	notice, refused := readDECP(doc, s.parser.places)
	if refused != nil {
		rec.Err = asRefusal(refused, RefusedMissing, rec.Where)
		return rec, nil
	}
	rec.Notice = encoded(notice, s.wrong)
	return rec, nil
}

func (s *decpStream) here() string {
	return fmt.Sprintf("record %d, byte %d", s.count, s.bytes+s.dec.InputOffset())
}

// element reads what an element holds as JSON would say it: a text, or values
// by name, several of one name as a list.
func (s *decpStream) element(depth int, nodes *int) (any, error) {
	var text []byte
	fields := map[string]any{}
	for {
		tok, err := s.dec.Token()
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if el, ok := tok.(xml.StartElement); ok {
			*nodes += len(el.Attr)
		}
		if *nodes++; err == nil && *nodes > maxNodes {
			err = fmt.Errorf("more than %d nodes", maxNodes)
		}
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.CharData:
			text = append(text, tok...)
		case xml.EndElement:
			if len(fields) > 0 {
				return fields, nil
			}
			return string(text), nil
		case xml.StartElement:
			if depth >= maxDepth {
				return nil, fmt.Errorf("more than %d levels", maxDepth)
			}
			if decpRoots[tok.Name.Local] {
				return nil, errOpenRecord
			}
			value, err := s.element(depth+1, nodes)
			if err != nil {
				return nil, err
			}
			addField(fields, tok.Name.Local, value)
		}
	}
}

func addField(fields map[string]any, name string, value any) {
	switch have := fields[name].(type) {
	case nil:
		fields[name] = value
	case []any:
		fields[name] = append(have, value)
	default:
		fields[name] = []any{have, value}
	}
}
