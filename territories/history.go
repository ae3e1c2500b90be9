package territories

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"maillage/territories/cog"
)

// epoch is the first day the INSEE's movements tell of.
var epoch = Date{1943, time.January, 1}

// The INSEE's kinds of movement that the replay reads; 31 to 34 are mergers.
const (
	modRename    = 10
	modCreate    = 20
	modRestore   = 21
	modSuppress  = 30
	modMerge     = 31
	modNew       = 32
	modAssociate = 33
	modFuse      = 34
	modDepart    = 41
	modSeat      = 50
)

// statusCOM is ours: the INSEE records the end of Saint-Barthélemy and of
// Saint-Martin (Guadeloupe) on 23 February 2007 as suppressions without heir,
// the law of 21 February 2007 making each a collectivity of its own.
const statusCOM = -1

// collectivities are those two: what the movements leave out.
var collectivities = map[CommuneCode]CommuneCode{"97123": "97701", "97127": "97801"}

// step is what became of a commune on a date: the communes that held its
// place after, itself among them if it went on.
type step struct {
	on   Date
	kind int
	to   []CommuneCode
}

// naming is a name a code bore until and from a date.
type naming struct {
	on            Date
	before, after string
}

// history is the movements replayed backwards from the list of the vintage:
// the lives of every code and who held each place after whom. Built once,
// then read only.
type history struct {
	lives   map[CommuneCode][]Interval
	steps   map[CommuneCode][]step // forwards, in order; only where the place changed hands
	parents map[CommuneCode][]step // backwards: who held it before
	names   map[CommuneCode][]naming
	parts   map[CommuneCode]Date // when an arrondissement was created, if after the epoch
	former  func() map[string][]CommuneCode
}

// replay reads the movements from the last to the first. The rows of one date
// are one event: some codes live only inside it (50649, Pont-Farcy, given on
// the day it merged), so what exists after a date is known from later ones,
// never from the rows alone.
func replay(a *Atlas, rows []cog.Movement) (*history, error) {
	h := &history{
		lives: map[CommuneCode][]Interval{}, steps: map[CommuneCode][]step{},
		parents: map[CommuneCode][]step{}, names: map[CommuneCode][]naming{}, parts: map[CommuneCode]Date{},
	}
	until := make(map[CommuneCode]Date, len(a.communes)) // alive after the event being read, and until when
	for i := range a.communes {
		until[a.communes[i].Code] = Date{}
	}
	for end := len(rows); end > 0; {
		start := end - 1
		for start > 0 && rows[start-1].Date == rows[end-1].Date {
			start--
		}
		on, err := ParseDate(rows[start].Date)
		if err != nil {
			return nil, fmt.Errorf("replay movements: %w", err)
		}
		if !on.After(a.vintage) {
			h.undo(newEvent(on, amended(rows[start:end])), until)
		}
		end = start
	}
	for code, end := range until {
		h.lives[code] = append(h.lives[code], Interval{From: epoch, Until: end})
	}
	h.finish(a)
	h.former = sync.OnceValue(h.indexNames)
	return h, nil
}

// formerNames gives the codes that ever bore a folded name.
func (h *history) formerNames() map[string][]CommuneCode { return h.former() }

func (h *history) indexNames() map[string][]CommuneCode {
	out := make(map[string][]CommuneCode, len(h.names))
	for c, names := range h.names {
		for _, n := range names {
			for _, name := range []string{n.before, n.after} {
				if f := Fold(name); f != "" && !slices.Contains(out[f], c) {
					out[f] = append(out[f], c)
				}
			}
		}
	}
	for _, codes := range out {
		slices.Sort(codes)
	}
	return out
}

// amended gives the two collectivities as heirs of the communes they were.
func amended(rows []cog.Movement) []cog.Movement {
	out := slices.Clone(rows)
	for i, r := range out {
		if to, ok := collectivities[CommuneCode(r.From)]; ok && r.Kind == modSuppress && r.To == "" {
			out[i].Kind, out[i].ToType, out[i].To, out[i].ToN = statusCOM, "COM", string(to), r.FromN
		}
	}
	return out
}

// event is the movements of one date between communes of full right.
type event struct {
	on      Date
	next    map[CommuneCode][]CommuneCode // commune before → communes after, in one step
	kinds   map[CommuneCode]int           // the movement that tells the most of a commune's end
	recoded map[CommuneCode]bool          // got its code on that date from another
	moved   map[CommuneCode]bool          // left its code on that date for another
	born    map[CommuneCode]bool          // named after the event
	rows    []cog.Movement
}

func newEvent(on Date, rows []cog.Movement) *event {
	e := &event{on: on, rows: rows,
		next: map[CommuneCode][]CommuneCode{}, kinds: map[CommuneCode]int{},
		recoded: map[CommuneCode]bool{}, moved: map[CommuneCode]bool{}, born: map[CommuneCode]bool{}}
	for _, r := range rows {
		from, to := CommuneCode(r.From), CommuneCode(r.To)
		if r.ToType == "COM" && (r.FromType == "COM" || r.Kind == modRestore || r.Kind == modCreate) {
			e.born[to] = true
		}
		if r.FromType != "COM" {
			continue
		}
		if _, seen := e.next[from]; !seen {
			e.next[from] = nil
		}
		if from != to || e.kinds[from] == 0 {
			e.kinds[from] = r.Kind
		}
		if r.ToType != "COM" {
			continue
		}
		if !slices.Contains(e.next[from], to) {
			e.next[from] = append(e.next[from], to)
		}
		if from != to && (r.Kind == modDepart || r.Kind == modSeat || r.Kind == statusCOM) {
			e.recoded[to], e.moved[from] = true, true
		}
	}
	return e
}

// existed tells whether a code named a commune just before the event, given
// whether it does after.
func (e *event) existed(c CommuneCode, after bool) bool {
	if _, from := e.next[c]; !from {
		return after && !e.born[c]
	}
	// It is the origin of a movement: it was there before, unless it had just
	// received its code from another and had none of its own to give.
	return !e.recoded[c] || e.moved[c] && after
}

// undo steps back over an event, recording the lives it bounds.
func (h *history) undo(e *event, until map[CommuneCode]Date) {
	touched := map[CommuneCode]bool{}
	for c := range e.next {
		touched[c] = true
	}
	for c := range e.born {
		touched[c] = true
	}
	alive := func(c CommuneCode) bool { _, ok := until[c]; return ok }
	before := map[CommuneCode]bool{}
	for c := range touched {
		before[c] = e.existed(c, alive(c))
	}
	h.recordSteps(e, before, alive)
	for c := range touched {
		end, after := until[c]
		switch {
		case after && !before[c]:
			h.lives[c] = append(h.lives[c], Interval{From: e.on, Until: end})
			delete(until, c)
		case !after && before[c]:
			until[c] = e.on
		case !after && !before[c]:
			h.lives[c] = append(h.lives[c], Interval{From: e.on, Until: e.on})
		}
	}
	h.recordNames(e)
}

// recordSteps keeps who held each place after the event.
func (h *history) recordSteps(e *event, before map[CommuneCode]bool, alive func(CommuneCode) bool) {
	for c := range e.next {
		heirs := e.heirs(c, alive)
		if len(heirs) == 1 && heirs[0] == c {
			continue
		}
		for _, to := range e.next[c] { // a code that lives for this instant only
			if e.recoded[to] && !alive(to) && !before[to] {
				h.parents[to] = append(h.parents[to], step{e.on, modDepart, []CommuneCode{c}})
			}
		}
		h.steps[c] = append(h.steps[c], step{e.on, e.kinds[c], heirs})
		for _, to := range heirs {
			h.parents[to] = append(h.parents[to], step{e.on, e.kinds[c], []CommuneCode{c}})
		}
	}
}

// heirs follows the movements of one date to communes that outlive it.
func (e *event) heirs(c CommuneCode, alive func(CommuneCode) bool) []CommuneCode {
	seen := map[CommuneCode]bool{c: true}
	var out []CommuneCode
	if alive(c) && !e.moved[c] {
		out = append(out, c)
	}
	for queue := []CommuneCode{c}; len(queue) > 0; queue = queue[1:] {
		for _, to := range e.next[queue[0]] {
			if seen[to] {
				continue
			}
			seen[to] = true
			if alive(to) {
				out = append(out, to)
				continue
			}
			queue = append(queue, to)
		}
	}
	slices.Sort(out)
	return out
}

func (h *history) recordNames(e *event) {
	for _, r := range e.rows {
		if r.FromType == "COM" {
			h.name(CommuneCode(r.From), naming{on: e.on, before: r.FromN})
		}
		if r.ToType == "COM" {
			h.name(CommuneCode(r.To), naming{on: e.on, after: r.ToN})
		}
		if r.ToType == "ARM" && r.From != r.To {
			h.parts[CommuneCode(r.To)] = e.on
		}
	}
}

// name merges what the rows of one date say of a code.
func (h *history) name(c CommuneCode, n naming) {
	have := h.names[c]
	if k := len(have); k > 0 && have[k-1].on == n.on {
		if have[k-1].before == "" {
			have[k-1].before = n.before
		}
		if have[k-1].after == "" {
			have[k-1].after = n.after
		}
		return
	}
	h.names[c] = append(have, n)
}

// finish puts everything in order of time and names the lives.
func (h *history) finish(a *Atlas) {
	for c := range h.steps {
		slices.Reverse(h.steps[c])
	}
	for c := range h.parents {
		slices.Reverse(h.parents[c])
	}
	for c := range h.names {
		slices.Reverse(h.names[c])
	}
	for c, lives := range h.lives {
		slices.SortFunc(lives, func(x, y Interval) int { return x.From.Compare(y.From) })
		for i, l := range lives {
			switch {
			case l.Until.IsZero():
				lives[i].Name = h.nameOn(a, c, a.vintage)
			case l.Until == l.From:
				lives[i].Name = h.nameOn(a, c, l.From)
			default:
				lives[i].Name = h.nameOn(a, c, l.Until.eve())
			}
		}
	}
}

// namesIn lists the names a code bore in one of its lives, when there are
// several.
func (h *history) namesIn(a *Atlas, c CommuneCode, l Interval) []NameFrom {
	out := []NameFrom{{l.From, h.nameOn(a, c, l.From)}}
	for _, n := range h.names[c] {
		if !n.on.After(l.From) || !l.Contains(n.on) {
			continue
		}
		if name := h.nameOn(a, c, n.on); name != out[len(out)-1].Name {
			out = append(out, NameFrom{n.on, name})
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// nameOn is the name a code bore on a date, the last before it, or the first
// after it.
func (h *history) nameOn(a *Atlas, c CommuneCode, on Date) string {
	name := ""
	for _, n := range h.names[c] {
		if n.on.After(on) {
			if name == "" {
				name = n.before
			}
			break
		}
		if n.after != "" {
			name = n.after
		} else if name == "" {
			name = n.before
		}
	}
	if ord, ok := a.ordinals[c]; ok && name == "" {
		return a.communes[ord].Name
	}
	return name
}
