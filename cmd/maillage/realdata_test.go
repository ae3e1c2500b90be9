package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// The real data of the samples through the real program, each step a process
// of its own: what docs/real-data.md says is what this test prints.

// realNotices are the sources, in the order of their import.
var realNotices = []string{
	"eforms/ted-r209-fr", "eforms/converted-fr", "boamp/api", "boamp/xml", "eforms/sdk-examples", "eforms/real-eu", "decp", "ocds",
}

// step is what one command did.
type step struct {
	name    string
	seconds float64 // of the wall
	cpu     float64 // seconds, user and system
	peak    int64   // KiB resident
	longest float64 // seconds of the longest write transaction
	out     []byte
}

// reality is one engine with the real data.
type reality struct {
	t       *testing.T
	url     string
	samples string
	steps   []step
}

var (
	longestWrite = regexp.MustCompile(`longest_write_seconds=([0-9.e+-]+)`)
	peakMemory   = regexp.MustCompile(`peak_kib=([0-9]+)`)
)

// said finds a figure in the log of a process; 0 when it isn't there.
func said(what *regexp.Regexp, log []byte) float64 {
	m := what.FindSubmatch(log)
	if m == nil {
		return 0
	}
	v, _ := strconv.ParseFloat(string(m[1]), 64)
	return v
}

// do runs the program and keeps its figures; 5 (some refused) is as good as 0.
func (r *reality) do(name string, args ...string) step {
	r.t.Helper()
	path, err := binary()
	if err != nil {
		r.t.Fatal(err)
	}
	cmd := exec.Command(path, append([]string{"--database", r.url}, args...)...)
	cmd.Env = append(os.Environ(), "MAILLAGE_DEBUG=1")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	began := time.Now()
	err = cmd.Run()
	if code := cmd.ProcessState.ExitCode(); err != nil && code != int(exitRefused) {
		r.t.Fatalf("%s: %v\n%s%s", name, err, out.Bytes(), errs.Bytes())
	}
	s := step{name: name, seconds: time.Since(began).Seconds(), out: out.Bytes(),
		cpu: (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()}
	s.longest = said(longestWrite, errs.Bytes())
	s.peak = int64(said(peakMemory, errs.Bytes()))
	r.steps = append(r.steps, s)
	return s
}

// counts are the figures that an import reports under one name or another.
type counts struct {
	Read, Made, Updated, Unchanged, Kept, Quarantined, Rejected, Failed int
	Placed, Assumed                                                     int
	ToSpecify                                                           int `json:"to_specify"`
	Reasons                                                             map[string]int
}

func (r *reality) members() counts {
	return r.count(r.do("members", "members", "import", filepath.Join(r.samples, "network", "siae.csv"), "--json"))
}

func (r *reality) notices(source string) counts {
	return r.count(r.do(source, "notices", "import", filepath.Join(r.samples, "tenders", filepath.FromSlash(source)), "--json"))
}

func (r *reality) count(s step) (c counts) {
	r.t.Helper()
	if err := json.Unmarshal(s.out, &c); err != nil {
		r.t.Fatalf("%s: %v\n%s", s.name, err, s.out)
	}
	r.t.Logf("| %s | %d | %d | %d | %d | %d | %d | %.1f s | %.1f s | %d MB | %.2f s |", s.name,
		c.Read, c.Made, c.Updated, c.Unchanged, c.Kept, c.Quarantined+c.Rejected+c.Failed, s.seconds, s.cpu, s.peak/1024, s.longest)
	return c
}

func (r *reality) work(name string) {
	s := r.do(name, "work", "--drain")
	r.t.Logf("| %s | | | | | | | %.1f s | %.1f s | %d MB | %.2f s |", name, s.seconds, s.cpu, s.peak/1024, s.longest)
}

// pairs dumps every match under names that both engines share: the procurement
// and its lot, the identity of the organisation.
func (r *reality) pairs() []string {
	r.t.Helper()
	st := openURL(r.t, r.url)
	defer func() { _ = st.Close() }()
	var rows []string
	err := st.Read().NewRaw(`SELECT o.key || '#' || l.number || ' ' || g.siret || ' ' || g.kind || ' ' || m.state || ' ' ||
		CAST(m.score AS text) || ' ' || CAST(m.confidence AS text)
		FROM matches m JOIN lots l ON l.id = m.lot_id JOIN opportunities o ON o.id = l.opportunity_id
		JOIN organisations g ON g.id = m.organisation_id`).Scan(context.Background(), &rows)
	if err != nil {
		r.t.Fatal(err)
	}
	slices.Sort(rows) // the engines do not sort texts alike
	return rows
}

// summary prints what stands in the database after it all.
func (r *reality) summary() {
	r.t.Helper()
	st := openURL(r.t, r.url)
	defer func() { _ = st.Close() }()
	var rows []struct {
		Source  string
		State   string
		Lots    int
		Matched int
		Matches int
	}
	err := st.Read().NewRaw(`SELECT o.source, o.state, count(DISTINCT l.id) AS lots,
		count(DISTINCT CASE WHEN m.state = 'proposed' THEN l.id END) AS matched, count(CASE WHEN m.state = 'proposed' THEN 1 END) AS matches
		FROM lots l JOIN opportunities o ON o.id = l.opportunity_id LEFT JOIN matches m ON m.lot_id = l.id
		GROUP BY o.source, o.state ORDER BY o.source, o.state`).Scan(context.Background(), &rows)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, row := range rows {
		r.t.Logf("| %s | %s | %d lots | %d with a match | %d matches |", row.Source, row.State, row.Lots, row.Matched, row.Matches)
	}
}

// TestRealData imports the 3,853 establishments and the notices of the samples
// on both engines: the same matches come out, a second import changes nothing,
// and a rebuild gives the rows that the jobs wrote.
//
// It takes about two minutes: MAILLAGE_TEST_REALDATA=1 (make realdata) asks for it.
func TestRealData(t *testing.T) {
	if os.Getenv("MAILLAGE_TEST_REALDATA") == "" {
		t.Skip("left out: the import of the real data on both engines (make realdata)")
	}
	samples := testkit.Samples(t)
	var first []string
	for _, engine := range []store.Engine{store.SQLite, store.PostgreSQL} {
		ok := t.Run(string(engine), func(t *testing.T) {
			r := &reality{t: t, url: testkit.EmptyURL(t, engine), samples: samples}
			matches := r.live()
			if first == nil {
				first = matches
			}
			compareRows(t, first, matches)
		})
		if !ok {
			return
		}
	}
}

// live goes through the life of a database and gives its matches.
func (r *reality) live() []string {
	t := r.t
	t.Log("| step | read | made | updated | unchanged | kept | refused | seconds | CPU | peak | longest write |")
	m := r.members()
	t.Logf("members: %d placed, %d assumed, %d to be specified", m.Placed, m.Assumed, m.ToSpecify)
	r.work("jobs of the members")
	var read, accounted int
	for _, source := range realNotices {
		c := r.notices(source)
		read, accounted = read+c.Read, accounted+c.Made+c.Updated+c.Unchanged+c.Kept+c.Quarantined+c.Failed
		if len(c.Reasons) > 0 {
			t.Logf("%s: %v", source, c.Reasons)
		}
	}
	if read == 0 || read != accounted {
		t.Errorf("%d notices read, %d accounted for", read, accounted)
	}
	r.work("jobs of the notices")
	matches := r.pairs()
	if len(matches) == 0 {
		t.Fatal("no match")
	}
	t.Logf("%d matches", len(matches))
	r.summary()
	r.again(matches)
	rebuild(t, r.url)
	compareRows(t, matches, r.pairs())
	for _, s := range r.steps {
		if s.longest > 1 && store.EngineOf(r.url) == store.SQLite {
			t.Errorf("%s: a write transaction took %.2f s", s.name, s.longest)
		}
	}
	return matches
}

// again imports everything a second time: nothing may change.
func (r *reality) again(matches []string) {
	t := r.t
	if c := r.members(); c.Made+c.Updated != 0 || c.Read != c.Unchanged+c.Rejected {
		t.Errorf("members again: %+v", c)
	}
	for _, source := range realNotices {
		if c := r.notices(source); c.Made+c.Updated != 0 {
			t.Errorf("%s again: %+v", source, c)
		}
	}
	if left := unfinished(t, r.url); left != 0 {
		t.Errorf("importing again asked for %d jobs", left)
	}
	r.work("jobs, again")
	compareRows(t, matches, r.pairs())
}

// TestRealDataOrder imports the notices in the opposite order on SQLite: there
// are as many procurements in each state. (Their words may differ: two sources
// of one procurement do not write it alike.)
func TestRealDataOrder(t *testing.T) {
	if os.Getenv("MAILLAGE_TEST_REALDATA") == "" {
		t.Skip("left out: the import of the real data on both engines (make realdata)")
	}
	samples := testkit.Samples(t)
	var want []string
	for _, backwards := range []bool{false, true} {
		r := &reality{t: t, url: testkit.EmptyURL(t, store.SQLite), samples: samples}
		sources := slices.Clone(realNotices)
		if backwards {
			slices.Reverse(sources)
		}
		for _, source := range sources {
			r.notices(source)
		}
		got := r.states()
		if want == nil {
			want = got
			continue
		}
		if !slices.Equal(want, got) {
			t.Errorf("one way %v, the other %v", want, got)
		}
	}
}

// states counts the opportunities by state.
func (r *reality) states() []string {
	r.t.Helper()
	st := openURL(r.t, r.url)
	defer func() { _ = st.Close() }()
	var rows []string
	err := st.Read().NewRaw(`SELECT state || ' ' || CAST(count(*) AS text) FROM opportunities GROUP BY state ORDER BY state`).
		Scan(context.Background(), &rows)
	if err != nil {
		r.t.Fatal(err)
	}
	return rows
}
