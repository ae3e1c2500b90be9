package tenders

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"maillage/internal/testkit"
)

// label is what a reader says of one lot (or of a notice without lots), and the
// passage that decides: where it stands, never its words.
type label struct {
	notice, lot, field string
	start, end         int // in characters
	digest             string
	flagged            bool
	expected           Verdict
	reservedTo         string
	hours              int
	trap, right, why   string
	got                Social
}

// clausesFloor is what no later change may fall under, by part: the precision
// and the recall of the clauses, all classes together.
var clausesFloor = map[string][2]float64{"dev": {0.98, 0.98}, "held": {0.94, 0.92}}

// TestClausesOnSamples compares the verdicts with those of readers. The part
// "held" was set aside: its misses are counted, never listed. It prints the
// figures of docs/clauses.md, which -update rewrites:
//
//	go test ./tenders -run ClausesOnSamples -v [-update]
func TestClausesOnSamples(t *testing.T) {
	t.Parallel()
	notices := noticesByTitle(t)
	text := ""
	for _, part := range []string{"dev", "held"} {
		list := readLabels(t, part)
		for i := range list {
			list[i].confront(t, part, notices)
		}
		said := clauseFigures(part, list)
		t.Log("\n" + said)
		text += said
		all := tallyOf(list, claims...)
		if p, r := share(all.right, all.said), share(all.right, all.expected); p < clausesFloor[part][0] || r < clausesFloor[part][1] {
			t.Errorf("%s: precision %.3f, recall %.3f; at least %v was measured", part, p, r, clausesFloor[part])
		}
		if part == "dev" && testing.Verbose() {
			tellMisses(t, list)
		}
	}
	holdFigures(t, "../docs/clauses.md", clausesMark, text)
}

const clausesMark = "<!-- figures: go test ./tenders -run ClausesOnSamples -update -->\n"

// claims are the verdicts that say something of the lot, in their order of strength.
var claims = []Verdict{Reserved, Object, Execution, Criterion, ToConfirm}

// noticesByTitle reads the real notices, each under its number and the digest of
// its title: the converted samples share one number.
func noticesByTitle(t *testing.T) map[string]*Notice {
	t.Helper()
	dir := filepath.Join(testkit.Samples(t), "tenders")
	p, all := testParser(t), map[string]*Notice{}
	for _, folder := range []string{"eforms/converted-fr", "eforms/ted-r209-fr", "eforms/real-eu", "boamp"} {
		for rec := range p.Walk(context.Background(), filepath.Join(dir, folder)) {
			if rec.Err != nil {
				continue
			}
			sum := titleDigest(rec.Notice.Title)
			key := rec.Notice.ID + "/" + hex.EncodeToString(sum)[:12]
			if _, twice := all[key]; !twice {
				all[key] = rec.Notice
			}
		}
	}
	return all
}

// titleDigest is the SHA-256 of the letters a–z and digits of a title, without
// accents or capitals: one procurement falls in one part, whatever its source.
func titleDigest(title string) []byte {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(title)) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	sum := sha256.Sum256([]byte(b.String()))
	return sum[:]
}

// partOf sets a third aside, by the digest of the title.
func partOf(title string) string {
	if new(big.Int).Mod(new(big.Int).SetBytes(titleDigest(title)), big.NewInt(3)).Sign() == 0 {
		return "held"
	}
	return "dev"
}

func readLabels(t *testing.T, part string) (list []label) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "clauses", "labels_"+part+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		l := label{notice: r[0], lot: r[1], field: r[2], digest: r[5], flagged: r[6] != "", expected: Verdict(r[7]), reservedTo: r[8], trap: r[10], right: r[11], why: r[12]}
		l.start, _ = strconv.Atoi(r[3])
		l.end, _ = strconv.Atoi(r[4])
		l.hours, _ = strconv.Atoi(r[9])
		list = append(list, l)
	}
	return list
}

// confront finds the passage again, and what the verdict is today.
func (l *label) confront(t *testing.T, part string, notices map[string]*Notice) {
	t.Helper()
	n := notices[l.notice]
	if n == nil {
		t.Errorf("%s: no such notice", l.notice)
		return
	}
	if partOf(n.Title) != part {
		t.Errorf("%s: is of the other part", l.notice)
	}
	if m := lotField.FindStringSubmatch(l.field); m != nil {
		if i, _ := strconv.Atoi(m[1]); i >= len(n.Lots) {
			t.Errorf("%s: has no %s", l.notice, l.field)
			return
		}
	}
	passage := []rune(fieldText(n, l.field))
	if l.end > len(passage) || l.start > l.end {
		t.Errorf("%s: %s has %d characters", l.notice, l.field, len(passage))
		return
	}
	if sum := sha256.Sum256([]byte(string(passage[l.start:l.end]))); hex.EncodeToString(sum[:])[:12] != l.digest {
		t.Errorf("%s: %s is no longer the passage that was read", l.notice, l.field)
	}
	l.got = n.Social
	for _, lot := range n.Lots {
		if lot.ID == l.lot {
			l.got = lot.Social
		}
	}
}

// tallyClauses counts what was expected, said, and both.
type tallyClauses struct{ expected, said, right int }

func tallyOf(list []label, classes ...Verdict) (c tallyClauses) {
	for _, l := range list {
		if slices.Contains(classes, l.expected) {
			c.expected++
		}
		if slices.Contains(classes, l.got.Verdict) {
			c.said++
			if l.got.Verdict == l.expected {
				c.right++
			}
		}
	}
	return c
}

func share(k, n int) float64 {
	if n == 0 {
		return 1
	}
	return float64(k) / float64(n)
}

func clauseFigures(part string, list []label) string {
	names := map[string]string{"dev": "Looked at while the rules were written", "held": "Set aside"}
	var b strings.Builder
	fmt.Fprintf(&b, "\n### %s: %d lots\n\n| verdict | expected | precision | recall |\n|---|---|---|---|\n", names[part], len(list))
	line := func(name string, c tallyClauses) {
		few := ""
		if c.expected < 10 {
			few = " (few)"
		}
		fmt.Fprintf(&b, "| %s | %d%s | %s | %s |\n", name, c.expected, few, ratio(c.right, c.said), ratio(c.right, c.expected))
	}
	for _, v := range append(slices.Clone(claims), NoClause) {
		line(string(v), tallyOf(list, v))
	}
	line("all but none", tallyOf(list, claims...))
	line("the four clauses", tallyOf(list, claims[:4]...))
	line("all six", tallyOf(list, append(slices.Clone(claims), NoClause)...))
	to, hours, traps := details(list)
	fmt.Fprintf(&b, "\nTo whom, where reserved is expected and said: %s. Hours, where a number is read: %s. Look-alikes and negations told apart: %s.\n", to, hours, traps)
	b.WriteString("\nBy confidence: how often the verdict is right.\n\n| confidence | right |\n|---|---|\n")
	for _, band := range [][2]float64{{0, 0.6}, {0.6, 0.8}, {0.8, 0.9}, {0.9, 1.01}} {
		right, n := 0, 0
		for _, l := range list {
			if l.got.Confidence >= band[0] && l.got.Confidence < band[1] {
				n++
				if l.got.Verdict == l.expected {
					right++
				}
			}
		}
		fmt.Fprintf(&b, "| %.1f to %.1f | %s |\n", band[0], min(1, band[1]), ratio(right, n))
	}
	return b.String()
}

func details(list []label) (to, hours, traps string) {
	var toRight, toAll, hRight, hAll, tRight, tAll int
	for _, l := range list {
		if l.expected == Reserved && l.got.Verdict == Reserved && l.reservedTo != "" {
			toAll++
			var got []string
			for _, b := range l.got.ReservedTo {
				got = append(got, strings.ReplaceAll(string(b), "_", ""))
			}
			want := strings.Fields(strings.ToLower(l.reservedTo))
			slices.Sort(got)
			slices.Sort(want)
			if slices.Equal(got, want) {
				toRight++
			}
		}
		if l.hours > 0 {
			hAll++
			if l.got.Hours == l.hours {
				hRight++
			}
		}
		if l.trap != "" {
			tAll++
			if l.got.Verdict == l.expected {
				tRight++
			}
		}
	}
	return ratio(toRight, toAll), ratio(hRight, hAll), ratio(tRight, tAll)
}

func tellMisses(t *testing.T, list []label) {
	for _, l := range list {
		if l.got.Verdict != l.expected {
			t.Logf("MISS %s %s %s[%d:%d] expected %s, got %s %v (%s) because %s", l.notice, l.lot, l.field, l.start, l.end, l.expected, l.got.Verdict, l.got.ReservedTo, l.trap, l.why)
		}
	}
}
