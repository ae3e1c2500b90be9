package anonymity

import (
	"fmt"
	"slices"
)

// maxKeys bounds the sets of keys that are tried: 2¹² of them.
const maxKeys = 12

// Key is a variable that a reader could know. Levels make it coarser and coarser:
// each gives, for a value as it comes, what it becomes ("06088" → "06" → "93").
type Key struct {
	Name   string
	Levels []map[string]string
	// Cost is what the loss of one value of this key costs beside one of another; 0 is 1.
	Cost float64
}

func (k Key) cost() float64 {
	if k.Cost == 0 {
		return 1
	}
	return k.Cost
}

// Rule is what records must reach. Its zero value is the observatory's: each shares
// its keys with 5 at least, missing values counted against, who have 2 different
// sensitive values at least.
type Rule struct {
	K int // 0 is 5
	L int // 0 is 2; without sensitive variables it asks nothing
	// LocalShare is the share of the records that single values may be taken from;
	// beyond, a whole column becomes coarser where it can. 0 is a tenth.
	LocalShare float64
	// Readers are who must find that many; none is one who knows the keys only, and
	// would learn every sensitive variable.
	Readers []Reader
	Senders int // contributors that must be behind what each reader finds; 0 asks nothing
	// TopShare is the largest share of it that one contributor may have; 0 asks nothing.
	TopShare float64
}

func (r Rule) filled() Rule {
	if r.K == 0 {
		r.K = 5
	}
	if r.L == 0 {
		r.L = 2
	}
	if r.LocalShare == 0 {
		r.LocalShare = 0.1
	}
	return r
}

// Suppression is one value taken away.
type Suppression struct{ Record, Key int }

// Result is what may be read, and all that was done for it.
type Result struct {
	Records       []Record // those that remain
	Origin        []int    // which record of the input each of them is
	Levels        []int    // how many levels coarser each key is; 0 is as it came
	Suppressed    []Suppression
	Withheld      []int // records of the input that could not be made safe
	Before, After Risk
}

// Protect makes records safe under a rule with few changes, and reports them. The
// input is not touched. ErrInvalid says which record, or which value's level, is wanting.
func Protect(keys []Key, records []Record, rule Rule) (*Result, error) {
	rule = rule.filled()
	if len(keys) > maxKeys || rule.K < 1 || rule.L < 1 || rule.LocalShare < 0 || rule.LocalShare > 1 {
		return nil, fmt.Errorf("%d keys (%d at most), k %d, l %d, share %v: %w", len(keys), maxKeys, rule.K, rule.L, rule.LocalShare, ErrInvalid)
	}
	if err := check(records, len(keys)); err != nil {
		return nil, err
	}
	if len(rule.Readers) == 0 {
		rule.Readers = everybody(records)
	}
	p := &protection{keys: keys, rule: rule, records: copied(records), levels: make([]int, len(keys))}
	before := p.risk()
	if err := p.generalise(records); err != nil {
		return nil, err
	}
	p.suppress()
	return p.result(before), nil
}

type protection struct {
	keys       []Key
	rule       Rule
	records    []Record
	levels     []int
	suppressed []Suppression
}

func copied(records []Record) []Record {
	out := slices.Clone(records)
	for i := range out {
		out[i].Keys = slices.Clone(out[i].Keys)
	}
	return out
}

func (p *protection) classes() [][]int {
	return group(p.records, func(i int) string { return pattern(p.records[i].Keys, 0) })
}

// exposed marks the records whose class breaks the rule, and counts them.
func (p *protection) exposed() (marks []bool, count int) {
	marks = make([]bool, len(p.records))
	for _, members := range p.classes() {
		if p.safe(members) {
			continue
		}
		for _, i := range members {
			marks[i] = true
		}
		count += len(members)
	}
	return marks, count
}

// result leaves out what is still exposed: no value was taken from it, since values
// are taken only where that makes a class safe.
func (p *protection) result(before Risk) *Result {
	out := &Result{Levels: p.levels, Suppressed: p.suppressed, Before: before}
	stays := make([]bool, len(p.records))
	for _, members := range p.classes() {
		for _, i := range p.peeled(members) {
			stays[i] = true
		}
	}
	for i, r := range p.records {
		if !stays[i] {
			out.Withheld = append(out.Withheld, i)
			continue
		}
		out.Records, out.Origin = append(out.Records, r), append(out.Origin, i)
	}
	slices.SortFunc(out.Suppressed, func(a, b Suppression) int {
		return (a.Record-b.Record)*maxKeys + a.Key - b.Key
	})
	p.records = out.Records
	out.After = p.risk()
	return out
}

// peeled is what stays of a class: all of it where it is safe, else less what a
// reader would find too little in, until nobody does.
func (p *protection) peeled(members []int) []int {
	for len(members) > 0 && !p.safe(members) {
		bad := map[int]bool{}
		for _, c := range p.crowds(members) {
			if len(bad) == 0 && !p.rule.holds(c) {
				for _, i := range c.records {
					bad[i] = true
				}
			}
		}
		if len(bad) == 0 { // fewer than K, and nobody looks at them
			return nil
		}
		members = slices.DeleteFunc(slices.Clone(members), func(i int) bool { return bad[i] })
	}
	return members
}
