package tenders

import (
	"errors"
	"io"
)

// MaxUnpacked is the default of what an archive may unfold to whatever its
// size; beyond, it may have so many times its own bytes. Real notices pack ten
// to thirty times, a bomb a thousand.
const (
	MaxUnpacked   = 1 << 30
	unpackedRatio = 200
)

// unfolding counts what came out of the archives of one file.
type unfolding struct {
	packed func() int64 // bytes of the file that were used
	floor  int64
	out    int64
}

func (u *unfolding) most() int64 { return max(u.floor, unpackedRatio*u.packed()) }

func (u *unfolding) spent() bool { return u.out > u.most() }

// reader counts what is read of an unpacked stream, and ends it at the bound.
func (u *unfolding) reader(in io.Reader) io.Reader { return &unfolded{in, u} }

type unfolded struct {
	in io.Reader
	*unfolding
}

func (u *unfolded) Read(b []byte) (int, error) {
	n, err := u.in.Read(b)
	if u.out += int64(n); u.spent() {
		return 0, refuse(RefusedTooLarge, "the archive unfolds to more than %d bytes: the rest of it is not read", u.most())
	}
	return n, err
}

// metered counts the bytes that are read.
type metered struct {
	in io.Reader
	n  int64
}

func (c *metered) Read(b []byte) (int, error) {
	n, err := c.in.Read(b)
	c.n += int64(n)
	return n, err
}

// nest is where a stream stands: in so many archives of a file.
type nest struct {
	depth int
	*unfolding
}

func (n nest) deeper() nest { return nest{n.depth + 1, n.unfolding} }

// RefusedGivenUp: so many records of a file were refused in a row that the rest
// of it is not read.
const RefusedGivenUp = "given_up"

// A file is given up after so many refusals in a row: fewer where what is
// refused is no record of a known format, for a few kilobytes may hold millions
// of those; more where records are read that one does not take, as a publisher
// may put thousands of them before the others.
const (
	mostGarbage = 1000
	mostUntaken = 20_000
)

// patience hands over the records of one file until it has to be given up.
type patience struct {
	yield func(Record) bool
	row   int  // refusals since a record was read
	ended bool // the consumer wants no more
}

func (p *patience) take(rec Record) bool {
	if !p.yield(rec) {
		p.ended = true
		return false
	}
	if rec.Err == nil {
		p.row = 0
		return true
	}
	if p.row++; p.row < mostOf(rec.Err) {
		return true
	}
	p.ended = !p.yield(Record{Path: rec.Path, Where: rec.Where,
		Err: asRefusal(refuse(RefusedGivenUp, "%d records refused in a row: what follows in the file is not read", p.row), "", rec.Where)})
	return false
}

func mostOf(err error) int {
	var why *Refusal
	if errors.As(err, &why) && (why.Code == RefusedKind || why.Code == RefusedMissing) {
		return mostUntaken
	}
	return mostGarbage
}
