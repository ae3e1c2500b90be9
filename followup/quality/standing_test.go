package quality

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"maillage/internal/fault"
)

// ev reads "audited 2026-03-01 initial conform" and the like, for tables.
func ev(text string) Event {
	f := strings.Fields(text)
	e := Event{Kind: EventKind(f[0]), On: f[1]}
	for _, w := range f[2:] {
		switch {
		case strings.HasPrefix(w, "from="):
			e.From = w[5:]
		case strings.HasPrefix(w, "until="):
			e.Until = w[6:]
		case w == "initial" || w == "surveillance" || w == "renewal":
			e.Audit = AuditKind(w)
		default:
			e.Outcome = Outcome(w)
		}
	}
	return e
}

func TestAStandingIsWhatItsEventsMake(t *testing.T) {
	t.Parallel()
	granted := []string{"entered 2023-01-10", "audited 2023-03-01 initial conform", "decided 2023-03-20 granted"}
	for name, c := range map[string]struct {
		events              []string
		state               State
		from, until, ending string
	}{
		"engaged":                             {[]string{"entered 2026-01-10"}, Engaged, "", "", ""},
		"audited":                             {[]string{"entered 2026-01-10", "audited 2026-03-01 initial to_correct"}, InReview, "", "", ""},
		"postponed":                           {[]string{"entered 2026-01-10", "audited 2026-03-01 initial to_correct", "decided 2026-03-20 postponed"}, Postponed, "", "", ""},
		"refused":                             {[]string{"entered 2026-01-10", "audited 2026-03-01 initial not_conform", "decided 2026-03-20 refused"}, Refused, "", "", ""},
		"granted for the usual months":        {granted, Granted, "2023-03-20", "2026-03-19", "2026-03-19"},
		"granted for days that are said":      {append(granted[:2:2], "decided 2023-03-20 granted from=2023-04-01 until=2025-03-31"), Granted, "2023-04-01", "2025-03-31", "2025-03-31"},
		"a reserve, then lifted":              {append(granted[:2:2], "decided 2023-03-20 granted_with_reserve", "decided 2023-09-20 granted"), Granted, "2023-03-20", "2026-03-19", "2026-03-19"},
		"renewed the day after the last":      {append(granted[:3:3], "audited 2025-12-01 renewal conform", "decided 2026-01-15 granted"), Granted, "2023-03-20", "2029-03-19", "2029-03-19"},
		"renewed too late":                    {append(granted[:3:3], "audited 2025-12-01 renewal conform", "decided 2026-05-15 granted"), Granted, "2026-05-15", "2029-05-14", "2029-05-14"},
		"confirmed after a surveillance":      {append(granted[:3:3], "audited 2024-03-01 surveillance conform", "decided 2024-03-20 granted"), Granted, "2023-03-20", "2026-03-19", "2026-03-19"},
		"a renewal put off holds to its end":  {append(granted[:3:3], "audited 2025-12-01 renewal to_correct", "decided 2026-01-15 postponed"), Granted, "2023-03-20", "2026-03-19", "2026-03-19"},
		"suspended from that day on":          {append(granted[:3:3], "interrupted 2024-05-02"), Suspended, "2023-03-20", "2026-03-19", "2024-05-01"},
		"restored":                            {append(granted[:3:3], "interrupted 2024-05-02", "restored 2024-06-02"), Granted, "2023-03-20", "2026-03-19", "2026-03-19"},
		"taken away while suspended":          {append(granted[:3:3], "interrupted 2024-05-02", "taken_away 2024-08-02"), Withdrawn, "2023-03-20", "2026-03-19", "2024-05-01"},
		"engaged again after its end":         {append(granted[:3:3], "entered 2026-06-01"), Engaged, "2023-03-20", "2026-03-19", "2026-03-19"},
		"events of days in another order":     {[]string{"decided 2023-03-20 granted", "entered 2023-01-10", "audited 2023-03-01 initial conform"}, Granted, "2023-03-20", "2026-03-19", "2026-03-19"},
		"given up before any decision":        {append(granted[:2:2], "gave_up 2023-03-10"), Left, "", "", ""},
		"a month that is shorter ends it too": {append(granted[:2:2], "decided 2024-02-29 granted"), Granted, "2024-02-29", "2027-02-27", "2027-02-27"},
	} {
		var events []Event
		for i, text := range c.events {
			e := ev(text)
			e.ID = EventID(i + 1)
			events = append(events, e)
		}
		s, err := Stand(Label{Months: 36}, events)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_, ends, _ := s.Certified()
		if s.State != c.state || s.From != c.from || s.Until != c.until || ends != c.ending {
			t.Errorf("%s: %s %s–%s, holds to %q", name, s.State, s.From, s.Until, ends)
		}
	}
}

func TestWhatCannotFollowIsRefused(t *testing.T) {
	t.Parallel()
	for name, events := range map[string][]string{
		"a decision without an audit":   {"entered 2026-01-10", "decided 2026-02-01 granted"},
		"an audit before engaging":      {"audited 2026-01-10 initial conform"},
		"two grants for one audit":      {"entered 2026-01-10", "audited 2026-02-01 initial conform", "decided 2026-02-10 granted", "decided 2026-02-11 granted"},
		"restored without suspension":   {"entered 2026-01-10", "restored 2026-02-01"},
		"a last day before the first":   {"entered 2026-01-10", "audited 2026-02-01 initial conform", "decided 2026-02-10 granted from=2026-03-01 until=2026-02-01"},
		"longer than ten years":         {"entered 2026-01-10", "audited 2026-02-01 initial conform", "decided 2026-02-10 granted until=2040-02-01"},
		"a renewal that leaves a break": {"entered 2026-01-10", "audited 2026-02-01 initial conform", "decided 2026-02-10 granted", "audited 2028-11-01 renewal conform", "decided 2028-12-01 granted from=2029-05-01"},
	} {
		var all []Event
		for i, text := range events {
			e := ev(text)
			e.ID = EventID(i + 1)
			all = append(all, e)
		}
		if _, err := Stand(Label{Months: 36}, all); !fault.Is(err, fault.KindConflict) && !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Any life that the rules allow: what holds has days in order, what is suspended
// or taken away ends before that day, and voiding the last event gives back what
// was before it.
func TestAnyLifeHoldsTogether(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := Label{Months: rapid.IntRange(1, 60).Draw(t, "months")}
		var events []Event
		var before Standing
		day := "2020-01-15"
		for i := range rapid.IntRange(1, 15).Draw(t, "events") {
			day = addDays(day, rapid.IntRange(0, 500).Draw(t, "days"))
			now, err := Stand(l, events)
			if err != nil {
				t.Fatalf("what was accepted is refused: %v", err)
			}
			e := Event{ID: EventID(i + 1), On: day, Kind: rapid.SampledFrom(Kinds()).Draw(t, "kind"), Audit: rapid.SampledFrom(Audits()).Draw(t, "audit"), Outcome: rapid.SampledFrom(Decisions()).Draw(t, "outcome")}
			s, err := Stand(l, append(events, e))
			if err != nil {
				continue
			}
			before, events = now, append(events, e)
			from, until, ok := s.Certified()
			switch {
			case s.State.Holds() && (s.From == "" || s.From > s.Until || !ok || until != s.Until):
				t.Fatalf("%+v holds without days", s)
			case (s.State == Suspended || s.State == Withdrawn) && ok && until >= s.Ended:
				t.Fatalf("%+v still holds", s)
			case ok && from > until:
				t.Fatalf("%s–%s", from, until)
			}
			back, err := Stand(l, append(events, Event{ID: 99, Kind: Voided, On: day, Voids: e.ID}))
			if err != nil || back != before {
				t.Fatalf("voided, %+v is %+v, %v", before, back, err)
			}
		}
	})
}

func TestTheLabelsHoldTogether(t *testing.T) {
	t.Parallel()
	b, err := LoadLabels()
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []Code{"cedre", "cedre-iso9001", "qualiopi", "qualicert-sap", "nf-sap", "iso14001", "lucie-26000", "afaq-ei-etti"} {
		if _, ok := b.Get(code); !ok {
			t.Errorf("%s is not followed", code)
		}
	}
	if q, _ := b.Get("qualiopi"); q.Months != 36 || !q.Read {
		t.Errorf("%+v", q)
	}
}
