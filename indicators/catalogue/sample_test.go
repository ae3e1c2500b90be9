package catalogue

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"maillage/internal/testkit"
)

// fact is what the sample catalogue says of an indicator; its sentences are not ours.
type fact struct {
	ID, Register, Unit, Source, Level, Breakdowns, Direction string
	Denominator                                              string
	Rule                                                     string `json:"min_publish_rule"`
	IRIS                                                     string `json:"iris_plus"`
	SDG                                                      string
	ESF                                                      string `json:"esf_plus"`
}

func facts(t *testing.T) []fact {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(testkit.Samples(t), "indicators", "catalogue.json"))
	var list []fact
	if err == nil {
		err = json.Unmarshal(raw, &list)
	}
	if err != nil {
		t.Fatal(err)
	}
	return list
}

var units = map[string]Unit{"ETP": "fte", "persons; ETP": "persons_fte", "hours/person": "hours_per_person", "quarters/person": "quarters_per_person",
	"rights/person": "rights_per_person", "points (0-4)": "points", "per 100 exits": "per_100_exits", "net percent": "net_percent", "events; participants": "events_participants",
	"EUR": "eur", "EUR/ETP": "eur_per_fte", "EUR (interval)": "eur_interval", "bodies/enterprise": "bodies_per_org"}

// The catalogue says of each indicator what the federation's list says of it.
func TestTheSampleListAgrees(t *testing.T) {
	t.Parallel()
	c := loaded(t)
	list := facts(t)
	if len(list) != len(c.All()) {
		t.Errorf("%d there, %d here", len(list), len(c.All()))
	}
	for n, f := range list {
		i := c.All()[n]
		unit := Unit(f.Unit)
		if u, ok := units[f.Unit]; ok {
			unit = u
		}
		direction := map[string]Direction{"to 50": Parity}[f.Direction]
		if direction == "" {
			direction = Direction(f.Direction)
		}
		if string(i.ID) != f.ID || string(i.Register) != f.Register || i.Unit != unit || string(i.Level) != f.Level || i.Direction != direction {
			t.Errorf("%s: register %s, unit %s, level %s, direction %s, there %+v", i.ID, i.Register, i.Unit, i.Level, i.Direction, f)
		}
		if want := cuts(f.Breakdowns); !slices.Equal(i.Breakdowns, want) {
			t.Errorf("%s is cut by %v, there %v", f.ID, i.Breakdowns, want)
		}
		if got := i.Publication; got != bounds(t, f.Rule) {
			t.Errorf("%s: %+v, there %q", f.ID, got, f.Rule)
		}
		if (f.Denominator != "") != i.Rate() {
			t.Errorf("%s is a rate: %v, there over %q", f.ID, i.Rate(), f.Denominator)
		}
	}
}

var brackets = regexp.MustCompile(`\([^)]*\)`)

func cuts(text string) (list []Breakdown) {
	for one := range strings.SplitSeq(brackets.ReplaceAllString(text, ""), ",") {
		list = append(list, Breakdown(one))
	}
	return list
}

var atLeast = regexp.MustCompile(`(persons|enterprises|n pairs|respondents)>=(\d+)|no enterprise>(\d+)%`)

// bounds reads the rule of publication that the sample list writes in words.
func bounds(t *testing.T, text string) (p Publication) {
	t.Helper()
	for _, m := range atLeast.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[2])
		switch m[1] {
		case "persons":
			p.Persons, p.Sensitive = n, max(n, 11)
		case "enterprises":
			p.Contributors = n
		case "":
			p.Dominance, _ = strconv.Atoi(m[3])
		default:
			p.Respondents = n
		}
	}
	p.Register, p.Free = strings.Contains(text, "public list"), strings.HasPrefix(text, "none")
	return p
}

// corrected are the links of the sample list that lead elsewhere than they say, as
// their publisher's pages show; the notes of the links tell why.
var corrected = map[string]string{"OI8429": "OI1166", "OI8147": "OI8118"}

// Every code of the sample list is linked, or corrected and said so.
func TestTheLinksOfTheSampleListAreThere(t *testing.T) {
	t.Parallel()
	code := regexp.MustCompile(`[OP]I\d{4}|EEC[OR]\d{2}|\b\d{1,2}\.\d{1,2}\b`)
	for _, f := range facts(t) {
		i, _ := loaded(t).Get(ID(f.ID))
		for _, want := range code.FindAllString(f.IRIS+" "+f.ESF+" "+f.SDG, -1) {
			if to, ok := corrected[want]; ok {
				if !slices.ContainsFunc(i.Links, func(l Link) bool { return l.Note != nil && strings.Contains(l.Note.EN, want) }) {
					t.Errorf("%s leads to %s instead of %s and does not say why", f.ID, to, want)
				}
				want = to
			}
			if !slices.ContainsFunc(i.Links, func(l Link) bool { return l.Code == want }) {
				t.Errorf("%s has no link to %s", f.ID, want)
			}
		}
	}
}
