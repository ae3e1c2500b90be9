package anonymity

// Reader is somebody who knows, besides the keys of a record, which of the files
// that are told together hold it: those of In, and none of Out, as bits. What they
// can look among is the records of a class that are so; Learns are the sensitive
// variables that these files would tell them.
type Reader struct {
	In, Out uint
	Learns  []int
}

// looksAt tells whether a record could be the one that a reader knows.
func (r Reader) looksAt(record Record) bool {
	return record.In&r.In == r.In && record.In&r.Out == 0
}

// everybody is who knows the keys only, and would learn every sensitive variable.
func everybody(records []Record) []Reader {
	r := Reader{}
	if len(records) > 0 {
		for s := range records[0].Sensitive {
			r.Learns = append(r.Learns, s)
		}
	}
	return []Reader{r}
}

// crowd is what a reader finds in a class.
type crowd struct {
	records []int
	diverse int // values of the variable that has fewest; 0 where they learn none
	senders int // contributors
	top     int // records of the one that has most
}

// crowds are what each reader finds in a class; who finds nothing is left out.
func (p *protection) crowds(members []int) []crowd {
	var out []crowd
	for _, reader := range p.rule.Readers {
		var c crowd
		senders := map[string]int{}
		for _, i := range members {
			if !reader.looksAt(p.records[i]) {
				continue
			}
			c.records = append(c.records, i)
			senders[p.records[i].From]++
			c.top = max(c.top, senders[p.records[i].From])
		}
		if len(c.records) == 0 {
			continue
		}
		c.senders, c.diverse = len(senders), diversity(p.records, c.records, reader.Learns)
		if len(reader.Learns) == 0 {
			c.diverse = p.rule.L
		}
		out = append(out, c)
	}
	return out
}

func (r Rule) enough(c crowd) bool { return len(c.records) >= r.K }

func (r Rule) diverse(c crowd) bool { return c.diverse >= r.L }

// shared tells whether enough contributors are behind a crowd, none of them nearly alone.
func (r Rule) shared(c crowd) bool {
	return r.Senders == 0 || c.senders >= r.Senders && (r.TopShare == 0 || float64(c.top) <= r.TopShare*float64(len(c.records)))
}

func (r Rule) holds(c crowd) bool { return r.enough(c) && r.diverse(c) && r.shared(c) }

// safe says whether a class keeps the rule for every reader. Two safe classes
// together are a safe one.
func (p *protection) safe(members []int) bool {
	if len(members) < p.rule.K {
		return false
	}
	for _, c := range p.crowds(members) {
		if !p.rule.holds(c) {
			return false
		}
	}
	return true
}

// Risk is how far records are from a rule, missing values counted against. A record
// is below where it is for one reader at least.
type Risk struct {
	Records      int
	BelowK       int // records that too few share
	BelowL       int // records whose class tells a sensitive value
	BelowSenders int // records of a class that too few contributors sent
	Least        int // records in the smallest class
	LeastDiverse int // sensitive values in the least diverse class
	LeastSenders int // contributors of the class that has fewest
	Safe         int // records that break nothing
}

func (p *protection) risk() Risk {
	r := Risk{Records: len(p.records)}
	few, told, alone := make([]bool, len(p.records)), make([]bool, len(p.records)), make([]bool, len(p.records))
	first := true
	for _, members := range p.classes() {
		for _, c := range p.crowds(members) {
			if first {
				r.Least, r.LeastDiverse, r.LeastSenders, first = len(c.records), c.diverse, c.senders, false
			}
			r.Least, r.LeastDiverse, r.LeastSenders = min(r.Least, len(c.records)), min(r.LeastDiverse, c.diverse), min(r.LeastSenders, c.senders)
			for _, i := range c.records {
				few[i], told[i], alone[i] = few[i] || !p.rule.enough(c), told[i] || !p.rule.diverse(c), alone[i] || !p.rule.shared(c)
			}
		}
		if p.safe(members) {
			r.Safe += len(members)
		}
	}
	r.BelowK, r.BelowL, r.BelowSenders = count(few), count(told), count(alone)
	return r
}

func count(marks []bool) (n int) {
	for _, m := range marks {
		if m {
			n++
		}
	}
	return n
}
