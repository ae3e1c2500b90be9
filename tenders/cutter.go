package tenders

import (
	"bytes"
	"errors"
	"fmt"
)

// How a record is cut out of a stream of JSON, and how the next one is found
// where its brackets are wrong. Nothing here weighs on a record that is right:
// the cutter keeps what bracket is open and what came last, and looks back only
// when one can't stand where it stands.

// What is said of a record that hides the beginning of the next.
var (
	errOpenText   = errors.New("a text of the record is not closed before the end of the line")
	errOpenRecord = errors.New("the record is not closed before the next one begins")
)

// cutStep is what a cutter found.
type cutStep int

// The steps of a cutter.
const (
	onStep    cutStep = iota
	pageStep          // the list of a page begins
	groupStep         // an object of lists begins
	textStep          // a text goes over the end of the line
	lostStep          // what was read last can't stand there: it may be of the next record
	endStep           // what was read last belongs to no longer this record
)

// What came last in a record, beside its opening brackets, commas and colons.
const (
	afterText   = 0x80 + iota
	afterScalar // a number, a name
	afterValue  // a closing bracket
)

// maxOpen bounds the brackets that are kept; those beyond are only counted.
const maxOpen = 1000

// cutter follows the strings and brackets of one object.
type cutter struct {
	raw     []byte
	limit   int64
	over    bool
	top     bool // outside any list: a page may show up, a line break ends a text
	quoted  bool
	escaped bool
	open    []byte // brackets
	beyond  int    // brackets that are open beyond maxOpen
	looked  int    // where the next line was looked for up to
	last    byte   // what came last, blanks aside
	odd     bool   // a text begins or ends where it can't: what is text may be taken for what is not
	key     []byte // last text at the first level
	colon   bool
}

func (c *cutter) keep(b byte) {
	if int64(len(c.raw)) >= c.limit {
		c.over = true
		return
	}
	c.raw = append(c.raw, b)
}

func (c *cutter) see(b byte) cutStep {
	if c.quoted {
		return c.inText(b)
	}
	switch b {
	case ' ', '\n', '\t', '\r':
		return onStep
	case '"':
		c.odd = c.odd || c.last >= afterText
		c.quoted, c.last = true, afterText
		if len(c.open) == 1 && !c.colon {
			c.key = c.key[:0]
		}
		return onStep
	case '{', '[':
		return c.enter(b)
	case '}', ']':
		return c.leave(b)
	case ':':
		c.colon, c.last = len(c.open) == 1, b
		return c.doubt()
	case ',':
		c.colon = false
	default:
		c.odd = c.odd || c.last == afterText || c.last == afterValue
		b = afterScalar
	}
	c.last = b
	return onStep
}

func (c *cutter) inText(b byte) cutStep {
	switch {
	case c.escaped:
		c.escaped = false
	case b == '\\':
		c.escaped = true
	case b == '"':
		c.quoted = false
	case b == '\n' && c.top:
		return textStep
	case b == ':' && c.odd:
		return c.doubt()
	case len(c.open) == 1 && !c.colon && len(c.key) < 32:
		c.key = append(c.key, b)
	}
	return onStep
}

// doubt tells, at a colon, that its key may be that of the next record.
func (c *cutter) doubt() cutStep {
	if c.odd && !c.top {
		return lostStep
	}
	return onStep
}

// enter opens a bracket. An object that stands neither after a colon nor in a
// list tells that a bracket before it is missing: that of an object of the list
// around it or, where there is no list, those of the record itself.
func (c *cutter) enter(b byte) cutStep {
	inner, last := c.open[len(c.open)-1], c.last
	if c.top && len(c.open) == 1 && c.colon && last == ':' {
		switch {
		case b == '{' && groups[string(c.key)]:
			return groupStep
		case b == '[' && containers[string(c.key)]:
			return pageStep
		}
	}
	step := onStep
	if fits := last == ':' || inner == '[' && (last == '[' || last == ','); !fits {
		step = lostStep
		if at := bytes.LastIndexByte(c.open, '['); b == '{' && at >= 0 {
			c.open = c.open[:at+1]
		} else if b == '{' && !c.top {
			return endStep
		}
	}
	if c.last = b; len(c.open) == maxOpen {
		c.beyond++
		return step
	}
	c.open = append(c.open, b)
	return step
}

// leave closes a bracket, and with it those inside it that were not closed.
func (c *cutter) leave(b byte) cutStep {
	if c.beyond > 0 {
		c.beyond--
		return onStep
	}
	at := len(c.open) - 1
	if want := b - 2; c.open[at] != want { // in ASCII an opening bracket is two before its closing one
		if at = bytes.LastIndexByte(c.open, want); at < 0 {
			if !c.top {
				return endStep
			}
			return onStep
		}
	}
	c.open, c.last = c.open[:at], afterValue
	return onStep
}

// next is where the next record begins in what was read, 0: nowhere. Among lines
// it is one that begins as a record does. In a list, where a text without its
// quote made texts of what is none, it is an object after a comma or on a line
// of its own that was just read, and has the first key of the record.
func (c *cutter) next() int {
	if !c.top {
		return c.nextLike()
	}
	from := max(0, c.looked-2)
	c.looked = len(c.raw)
	if at := bytes.Index(c.raw[from:], []byte("\n{\"")); at >= 0 {
		return from + at + 1
	}
	return 0
}

func (c *cutter) nextLike() int {
	key := firstKey(c.raw)
	rest, is := bytes.CutSuffix(blankless(c.raw[:len(c.raw)-1]), key)
	if rest = blankless(rest); !c.odd || key == nil || !is || !bytes.HasSuffix(rest, []byte("{")) {
		return 0
	}
	at := len(rest) - 1
	before := blankless(rest[:at])
	if bytes.HasSuffix(before, []byte(",")) || bytes.IndexByte(rest[len(before):at], '\n') >= 0 {
		return at
	}
	return 0
}

func blankless(text []byte) []byte { return bytes.TrimRight(text, " \t\r\n") }

// firstKey is the first key of an object, with its quotes; nil where there is none.
func firstKey(object []byte) []byte {
	rest := bytes.TrimLeft(object[1:min(len(object), 300)], " \t\r\n")
	if len(rest) == 0 || rest[0] != '"' {
		return nil
	}
	end := bytes.IndexByte(rest[1:], '"')
	if end < 0 {
		return nil
	}
	return rest[:end+2]
}

// passPlain takes at once what is plain in a text: most of a file is.
func (s *splitter) passPlain(c *cutter) {
	if !c.quoted || c.escaped || c.odd || s.at < len(s.back) || len(c.open) == 1 && !c.colon {
		return
	}
	ahead, _ := s.in.Peek(s.in.Buffered())
	n := 0
	for n < len(ahead) && ahead[n] != '"' && ahead[n] != '\\' && ahead[n] != '\n' {
		n++
	}
	if int64(len(c.raw)+n) > c.limit {
		return
	}
	c.raw = append(c.raw, ahead[:n]...)
	n, _ = s.in.Discard(n)
	s.pos += int64(n)
}

// ended is the record in which the file ends: cut, unless it hides the next one.
func (s *splitter) ended(p piece, c *cutter) piece {
	if c.top && !c.over {
		if at := c.next(); at > 0 && s.giveBack(c.raw, at) {
			p.raw, p.err = c.raw[:at], errOpenRecord
			return p
		}
	}
	s.nested = nil
	p.raw, p.err = c.raw, fmt.Errorf("truncated: the file ends inside record %d", s.count)
	return p
}

// broken is a record whose line ends in a text, or the line before it that was
// not closed.
func (s *splitter) broken(p piece, c *cutter) piece {
	if at := c.next(); at > 0 && at < len(c.raw)-1 && !c.over && s.giveBack(c.raw, at) {
		p.raw, p.err = c.raw[:at], errOpenRecord
		return p
	}
	p.raw, p.err = c.raw, errOpenText
	return p
}

// giveBack makes what follows a place in what was read last come again. It
// refuses when too much came again, for a file could be made to turn in circles.
func (s *splitter) giveBack(raw []byte, at int) bool {
	n := len(raw) - at
	if s.again += int64(n); s.again > 4*s.limit+s.pos {
		return false
	}
	s.pos -= int64(n)
	if s.at >= n {
		s.at -= n
		return true
	}
	s.back, s.at = append(bytes.Clone(raw[at:]), s.back[s.at:]...), 0
	return true
}
