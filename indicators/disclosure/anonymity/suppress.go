package anonymity

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
)

// generalise makes columns coarser, the one that helps most first and no more than
// it helps, while more records are exposed than single values should be taken from.
func (p *protection) generalise(origin []Record) error {
	for {
		_, count := p.exposed()
		if p.few(count) {
			return nil
		}
		key, level, err := p.mostHelpful(origin, count)
		if err != nil || key < 0 {
			return err
		}
		if err := p.raise(origin, key, level); err != nil {
			return err
		}
	}
}

// few says that single values may be taken from that many records.
func (p *protection) few(exposed int) bool {
	return float64(exposed) <= p.rule.LocalShare*float64(len(p.records))
}

// mostHelpful is the key, and its least level, that leave the fewest records
// exposed; -1 when none leaves fewer than now.
func (p *protection) mostHelpful(origin []Record, fewest int) (key, level int, err error) {
	key = -1
	for k := range p.keys {
		now := p.levels[k]
		for l := now + 1; l <= len(p.keys[k].Levels); l++ {
			if err := p.raise(origin, k, l); err != nil {
				return -1, 0, err
			}
			_, then := p.exposed()
			if then < fewest {
				key, level, fewest = k, l, then
			}
			if p.few(then) {
				break
			}
		}
		if err := p.raise(origin, k, now); err != nil {
			return -1, 0, err
		}
	}
	return key, level, nil
}

// raise takes a key to a level; 0 is as it came.
func (p *protection) raise(origin []Record, key, level int) error {
	p.levels[key] = level
	for i := range p.records {
		value := origin[i].Keys[key]
		if level > 0 && value != "" {
			coarser, ok := p.keys[key].Levels[level-1][value]
			if !ok {
				return fmt.Errorf("record %d: its %s has no value at level %d: %w", i, p.keys[key].Name, level, ErrInvalid)
			}
			value = coarser
		}
		p.records[i].Keys[key] = value
	}
	return nil
}

// suppress takes values away from the records that are exposed: for each set of
// keys, the least costly first, those that are the same without them. Where a few
// are wanting to make a class, records of larger classes join it, as long as that
// costs less than to take one more value from each.
func (p *protection) suppress() {
	for _, mask := range p.masks() {
		marks, count := p.exposed()
		if count == 0 {
			return
		}
		p.suppressMask(mask, marks)
	}
}

// masks are the sets of keys by cost, then by number.
func (p *protection) masks() []uint {
	var list []uint
	for mask := uint(1); mask < 1<<len(p.keys); mask++ {
		list = append(list, mask)
	}
	slices.SortFunc(list, func(a, b uint) int {
		return cmp.Or(cmp.Compare(p.costOf(a), p.costOf(b)), cmp.Compare(a, b))
	})
	return list
}

func (p *protection) costOf(mask uint) float64 {
	sum := 0.0
	for k, key := range p.keys {
		if mask&(1<<k) != 0 {
			sum += key.cost()
		}
	}
	return sum
}

// party is a class that could be made: the exposed records that are the same
// without the keys of a mask, and those of safe classes that are too.
type party struct {
	exposed []int
	there   []int // safe already, and without those keys already
	others  []int // safe, and would have to lose them
}

func (p *protection) suppressMask(mask uint, marks []bool) {
	sizes := p.sizes()
	for _, party := range p.parties(mask, marks) {
		all := slices.Concat(party.exposed, party.there)
		if p.safe(all) {
			p.blank(party.exposed, mask)
			continue
		}
		allowed := len(party.exposed) / bits.OnesCount(mask)
		if joined := p.join(all, party.others, allowed, sizes); joined != nil {
			p.blank(party.exposed, mask)
			p.blank(joined, mask)
		}
	}
}

// parties lists them in the order of their first exposed record.
func (p *protection) parties(mask uint, marks []bool) []*party {
	var list []*party
	at := map[string]*party{}
	for i, r := range p.records {
		if !marks[i] {
			continue
		}
		key := pattern(r.Keys, mask)
		if at[key] == nil {
			at[key] = &party{}
			list = append(list, at[key])
		}
		at[key].exposed = append(at[key].exposed, i)
	}
	for i, r := range p.records {
		of := at[pattern(r.Keys, mask)]
		switch {
		case of == nil || marks[i]:
		case pattern(r.Keys, 0) == pattern(r.Keys, mask):
			of.there = append(of.there, i)
		default:
			of.others = append(of.others, i)
		}
	}
	return list
}

// sizes are the members of each record's class.
func (p *protection) sizes() map[string][]int {
	sizes := map[string][]int{}
	for i, r := range p.records {
		key := pattern(r.Keys, 0)
		sizes[key] = append(sizes[key], i)
	}
	return sizes
}

// join adds records of larger classes to a class until it is safe, and gives them;
// nothing when more than allowed would be needed. A class left behind stays safe.
func (p *protection) join(members, others []int, allowed int, sizes map[string][]int) []int {
	var joined []int
	left := map[string][]int{}
	for _, i := range others {
		if len(joined) == allowed {
			return nil
		}
		key := pattern(p.records[i].Keys, 0)
		if left[key] == nil {
			left[key] = sizes[key]
		}
		without := slices.DeleteFunc(slices.Clone(left[key]), func(j int) bool { return j == i })
		if len(without) == 0 || !p.safe(without) {
			continue
		}
		left[key], joined = without, append(joined, i)
		if p.safe(slices.Concat(members, joined)) {
			for key, rest := range left {
				sizes[key] = rest
			}
			return joined
		}
	}
	return nil
}

// blank takes the values of a mask away from records.
func (p *protection) blank(members []int, mask uint) {
	for _, i := range members {
		for k := range p.keys {
			if mask&(1<<k) != 0 && p.records[i].Keys[k] != "" {
				p.records[i].Keys[k] = ""
				p.suppressed = append(p.suppressed, Suppression{i, k})
			}
		}
	}
}
