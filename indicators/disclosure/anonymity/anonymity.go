// Package anonymity prepares records about people for whoever may read them one by
// one under an agreement. It counts how many others share what could be known of a
// person (k-anonymity, after P. Samarati and L. Sweeney, 1998) and how many
// different things could then be learned (l-diversity, in its distinct form, after
// A. Machanavajjhala and others, 2006), and it reaches both by making whole columns
// coarser, then by taking single values away, then by withholding what is left.
//
// It does not decide what is a key or what is sensitive, and it promises nothing
// about free text, which has no place in such records.
package anonymity

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrInvalid is what malformed records or rules answer; the text says where.
var ErrInvalid = errors.New("malformed records")

// Record is a person, or a contract, as a reader would see it. An empty value is missing.
type Record struct {
	Keys      []string // what a reader could already know, one value for each key
	Sensitive []string // what it must not learn, one value for each such variable
	Weight    float64  // how many of the population it stands for; 0 is 1
	In        uint     // the files that hold it, as bits, where several are told together
	From      string   // who sent it: counted, and never told
}

func (r Record) weight() float64 {
	if r.Weight == 0 {
		return 1
	}
	return r.Weight
}

// Missing is what a missing value on a key is the same as.
type Missing int

const (
	// Against is the prudent count: missing is the same as missing only, so that
	// whoever knows the value is not counted among those who share it.
	Against Missing = iota
	// Wildcard is the usual count (that of sdcMicro's freqCalc): missing is the
	// same as anything.
	Wildcard
)

// Frequency is how many records share a record's keys, itself included (fk), and
// how many of the population they stand for (Fk, the sum of their weights).
type Frequency struct {
	Sample     int
	Population float64
}

// Frequencies counts, for each record, those that share its keys.
func Frequencies(records []Record, missing Missing) []Frequency {
	classes := group(records, func(i int) string { return pattern(records[i].Keys, 0) })
	own := make([]Frequency, len(classes))
	for c, members := range classes {
		for _, i := range members {
			own[c].Sample++
			own[c].Population += records[i].weight()
		}
	}
	total := own
	if missing == Wildcard {
		total = widened(records, classes, own)
	}
	out := make([]Frequency, len(records))
	for c, members := range classes {
		for _, i := range members {
			out[i] = total[c]
		}
	}
	return out
}

// widened adds the classes that a missing value, on either side, makes the same.
// Two classes without any are never the same, which spares most comparisons.
func widened(records []Record, classes [][]int, own []Frequency) []Frequency {
	total := append([]Frequency(nil), own...)
	for a := range classes {
		keys := records[classes[a][0]].Keys
		if !incomplete(keys) {
			continue
		}
		for b := range classes {
			others := records[classes[b][0]].Keys
			if a == b || !compatible(keys, others) {
				continue
			}
			total[a] = sum(total[a], own[b])
			if !incomplete(others) {
				total[b] = sum(total[b], own[a])
			}
		}
	}
	return total
}

func sum(a, b Frequency) Frequency {
	return Frequency{a.Sample + b.Sample, a.Population + b.Population}
}

func incomplete(keys []string) bool {
	for _, v := range keys {
		if v == "" {
			return true
		}
	}
	return false
}

func compatible(a, b []string) bool {
	for k := range a {
		if a[k] != b[k] && a[k] != "" && b[k] != "" {
			return false
		}
	}
	return true
}

// Diversity counts, for each record, the different values that the records of its
// class (missing counted against) have on the sensitive variable where they have
// fewest. A missing value is no value. Without sensitive variables it is 0.
func Diversity(records []Record) []int {
	out := make([]int, len(records))
	all := everybody(records)[0].Learns
	for _, members := range group(records, func(i int) string { return pattern(records[i].Keys, 0) }) {
		n := diversity(records, members, all)
		for _, i := range members {
			out[i] = n
		}
	}
	return out
}

// diversity is the least of the different values of some sensitive variables.
func diversity(records []Record, members, variables []int) int {
	least := 0
	for n, s := range variables {
		seen := map[string]bool{}
		for _, i := range members {
			if v := records[i].Sensitive[s]; v != "" {
				seen[v] = true
			}
		}
		if n == 0 || len(seen) < least {
			least = len(seen)
		}
	}
	return least
}

// group lists the members of each class, classes in the order of their first.
func group(records []Record, key func(i int) string) [][]int {
	var classes [][]int
	at := map[string]int{}
	for i := range records {
		p := key(i)
		c, known := at[p]
		if !known {
			c = len(classes)
			at[p] = c
			classes = append(classes, nil)
		}
		classes[c] = append(classes[c], i)
	}
	return classes
}

// pattern writes keys without those of a mask, so that no two lists write the same.
func pattern(keys []string, without uint) string {
	var b []byte
	for k, v := range keys {
		if without&(1<<k) != 0 {
			v = ""
		}
		b = binary.AppendUvarint(b, uint64(len(v)))
		b = append(b, v...)
	}
	return string(b)
}

// check refuses records that do not have the same variables.
func check(records []Record, keys int) error {
	for i, r := range records {
		if len(r.Keys) != keys || len(r.Sensitive) != len(records[0].Sensitive) {
			return fmt.Errorf("record %d has %d keys of %d and %d sensitive variables of %d: %w",
				i, len(r.Keys), keys, len(r.Sensitive), len(records[0].Sensitive), ErrInvalid)
		}
		if r.Weight < 0 {
			return fmt.Errorf("record %d weighs %v: %w", i, r.Weight, ErrInvalid)
		}
	}
	return nil
}
