package placement

import (
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// letters of labels: none that is read as another or as a digit.
const letters = "ABCDEFGHJKMNPRSTUVWXYZ"

// drawn gives a proposal its names towards the employer and its place in the
// employer's list. They are drawn at random, so that they tell nothing of the
// person, of a score, nor of who was proposed first.
func (s *Service) drawn(p *Proposal, there []*Proposal) error {
	var ref [15]byte
	if _, err := io.ReadFull(s.random, ref[:]); err != nil {
		return fmt.Errorf("draw a reference: %w", err)
	}
	p.Ref = base32.StdEncoding.EncodeToString(ref[:])
	place, err := s.number(math.MaxInt64)
	if err != nil {
		return err
	}
	p.Draw = int64(place)
	taken := map[string]bool{}
	for _, o := range there {
		taken[o.Label] = true
	}
	for digits := uint64(8); digits < 1<<20; digits *= 2 { // more digits when the position has had many cards
		for range 20 {
			n, err := s.number(uint64(len(letters)) * digits)
			if err != nil {
				return err
			}
			p.Label = fmt.Sprintf("%c%d", letters[n%uint64(len(letters))], 2+n/uint64(len(letters)))
			if !taken[p.Label] {
				return nil
			}
		}
	}
	return errors.New("draw a label: all are taken")
}

// number draws one below a bound. The bias is below one in 2^40 for the small
// bounds used here, and nothing rests on it.
func (s *Service) number(below uint64) (uint64, error) {
	var b [8]byte
	if _, err := io.ReadFull(s.random, b[:]); err != nil {
		return 0, fmt.Errorf("draw a number: %w", err)
	}
	return binary.BigEndian.Uint64(b[:]) % below, nil
}
