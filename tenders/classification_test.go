package tenders

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"maillage/internal/testkit"
	"maillage/nomenclatures"
)

// tallied counts how the words of notices name a sector, or several together.
type tallied struct{ said, right, asked, found int }

func (h *tallied) add(o tallied) {
	h.said, h.right, h.asked, h.found = h.said+o.said, h.right+o.right, h.asked+o.asked, h.found+o.found
}

// judged is a real French notice with a CPV, and what its words say once it is hidden.
type judged struct {
	notice  *Notice
	aside   bool
	allowed []string            // every sector of its codes
	asked   map[string][]string // the sectors that its codes surely name, with those that answer for each
	said    []Classified
}

// TestClassificationOnSamples hides the CPV of the real notices that have one and
// compares what their words say with what the code says. It prints the figures of
// docs/classification.md, which -update rewrites:
//
//	go test ./tenders -run ClassificationOnSamples -v [-update]
func TestClassificationOnSamples(t *testing.T) {
	t.Parallel()
	list := hideCPV(t)
	for _, aside := range []bool{false, true} {
		all := whole(list, aside, SectorFloor)
		t.Logf("aside %v: %d notices, precision %s, recall %s", aside, countSide(list, aside), ratio(all.right, all.said), ratio(all.found, all.asked))
		if p := float64(all.right) / float64(all.said); p < 0.50 {
			t.Errorf("precision %.2f", p)
		}
	}
	if testing.Verbose() && os.Getenv("MAILLAGE_MISSES") != "" {
		misses(t, list)
	}
	holdFigures(t, "../docs/classification.md", figuresMark, figures(list))
}

func hideCPV(t *testing.T) (list []judged) {
	t.Helper()
	dir := filepath.Join(testkit.Samples(t), "tenders")
	p := testParser(t)
	for _, folder := range []string{"eforms/ted-r209-fr", "eforms/sdk-examples", "boamp/api"} {
		for rec := range p.Walk(context.Background(), filepath.Join(dir, folder)) {
			if rec.Err != nil || len(rec.Notice.CPV) == 0 || rec.Notice.Language != "FRA" && rec.Notice.Source != BOAMP {
				continue
			}
			list = append(list, judgeWords(rec.Notice))
		}
	}
	if len(list) == 0 {
		t.Fatal("no notice was read")
	}
	return list
}

var tedHead = regexp.MustCompile(`^France\s*[–-]\s*(.+?)\s+[–-]\s+`)

func judgeWords(n *Notice) judged {
	j := judged{notice: n, aside: setAside(n), asked: map[string][]string{}}
	codes := slices.Clone(n.CPV)
	n.CPV, n.Title = n.CPV[:0:0], tedHead.ReplaceAllString(n.Title, "")
	for i := range n.Lots {
		codes = append(codes, n.Lots[i].CPV...)
		n.Lots[i].CPV, n.Lots[i].Title = nil, tedHead.ReplaceAllString(n.Lots[i].Title, "")
	}
	for _, code := range codes {
		j.codes(code)
	}
	d := &draft{Notice: n}
	d.classify()
	j.said = n.Classification
	return j
}

// codes notes the sectors of a code. Where it surely names several, which is the
// table's doing and not the buyer's, any of them answers for the first.
func (j *judged) codes(code nomenclatures.CPV) {
	var sure []string
	for _, s := range nomenclatures.SectorsOf(code.Code()) {
		if !slices.Contains(j.allowed, string(s)) {
			j.allowed = append(j.allowed, string(s))
		}
		if _, v := nomenclatures.Closeness(s.Code(), code.Code()); v >= 0.9 {
			sure = append(sure, string(s))
		}
	}
	if len(sure) > 0 && j.asked[sure[0]] == nil {
		j.asked[sure[0]] = sure
	}
}

// setAside chooses a third of the notices by the hash of their buyer, so that a
// call and its award, which say the same words, are on the same side.
func setAside(n *Notice) bool {
	h := fnv.New32a()
	h.Write([]byte(placeWords(n.Buyer.Name)))
	return h.Sum32()%3 == 0
}

// groupsRight counts a sector as right when the code names one of its group:
// what a reader who looks for a trade would not call a mistake.
func groupsRight(list []judged, aside bool) (right, said int) {
	for _, j := range list {
		for _, c := range j.said {
			if j.aside != aside || c.Confidence < SectorFloor {
				continue
			}
			said++
			if slices.ContainsFunc(j.allowed, func(s string) bool { return groupOf(s) == groupOf(c.Sector) }) {
				right++
			}
		}
	}
	return right, said
}

func groupOf(sector string) string {
	info, _ := nomenclatures.LookupSector(nomenclatures.Sector(sector))
	return info.Group
}

func countSide(list []judged, aside bool) (n int) {
	for _, j := range list {
		if j.aside == aside {
			n++
		}
	}
	return n
}

// bySector counts, for each sector, how it is said and asked on one side.
func bySector(list []judged, aside bool, floor float64) map[string]tallied {
	out := map[string]tallied{}
	for _, j := range list {
		if j.aside != aside {
			continue
		}
		said := map[string]bool{}
		for _, c := range j.said {
			if c.Confidence < floor {
				continue
			}
			said[c.Sector] = true
			h := out[c.Sector]
			h.said++
			if slices.Contains(j.allowed, c.Sector) {
				h.right++
			}
			out[c.Sector] = h
		}
		for s, any := range j.asked {
			h := out[s]
			h.asked++
			if slices.ContainsFunc(any, func(s string) bool { return said[s] }) {
				h.found++
			}
			out[s] = h
		}
	}
	return out
}

func whole(list []judged, aside bool, floor float64) (all tallied) {
	for _, h := range bySector(list, aside, floor) {
		all.add(h)
	}
	return all
}

// share prints k out of n with the interval of Wilson at 95 %.
func ratio(k, n int) string {
	if n == 0 {
		return "–"
	}
	const z = 1.96
	p, m := float64(k)/float64(n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return fmt.Sprintf("%.2f (%d/%d; %.2f–%.2f)", p, k, n, max(0, middle-half), min(1, middle+half))
}

// misses prints, on the part that may be looked at, what is said wrongly and
// what is not found: MAILLAGE_MISSES=1 go test ./tenders -run ClassificationOnSamples -v
func misses(t *testing.T, list []judged) {
	for _, j := range list {
		if j.aside {
			continue
		}
		for _, c := range j.said {
			if c.Confidence >= SectorFloor && !slices.Contains(j.allowed, c.Sector) {
				t.Logf("WRONG %s %.2f %+v | %.120s | code says %v", c.Sector, c.Confidence, c.Evidence[0], j.notice.Title, j.allowed)
			}
		}
		for s, any := range j.asked {
			if !slices.ContainsFunc(any, func(s string) bool { return slices.Contains(j.notice.Sectors, s) }) {
				t.Logf("MISSED %s | %.120s | %.300s | said %v", s, j.notice.Title, strings.ReplaceAll(j.notice.Description, "\n", " "), j.notice.Sectors)
			}
		}
	}
}

// fewest is the number of uses below which a sector is counted with its group.
const fewest = 8

func figures(list []judged) string {
	var b strings.Builder
	b.WriteString("| part | notices | precision | of the right group | recall |\n|---|---|---|---|---|\n")
	for _, aside := range []bool{false, true} {
		all := whole(list, aside, SectorFloor)
		inGroup, said := groupsRight(list, aside)
		fmt.Fprintf(&b, "| %s | %d | %s | %s | %s |\n", sideName(aside), countSide(list, aside), ratio(all.right, all.said), ratio(inGroup, said), ratio(all.found, all.asked))
	}
	b.WriteString("\nBy confidence, on the part set aside: how often a sector said with it is right.\n\n| confidence | right |\n|---|---|\n")
	for _, band := range [][2]float64{{0.2, 0.5}, {0.5, 0.7}, {0.7, 0.85}, {0.85, 1.01}} {
		low, high := whole(list, true, band[0]), whole(list, true, band[1])
		fmt.Fprintf(&b, "| %.2f to %.2f | %s |\n", band[0], min(1, band[1]), ratio(low.right-high.right, low.said-high.said))
	}
	fmt.Fprintf(&b, "\nBy sector; those with fewer than %d uses in a part are counted together, by group.\n\n", fewest)
	b.WriteString("| sector or group | part | precision | recall |\n|---|---|---|---|\n")
	for _, aside := range []bool{false, true} {
		rows(&b, bySector(list, aside, SectorFloor), sideName(aside))
	}
	return b.String()
}

func sideName(aside bool) string {
	if aside {
		return "set aside"
	}
	return "looked at"
}

func rows(b *strings.Builder, sectors map[string]tallied, part string) {
	groups := map[string]tallied{}
	for _, info := range nomenclatures.Sectors() {
		h := sectors[string(info.Code)]
		if h.said+h.asked < fewest {
			g := groups[info.Group]
			g.add(h)
			groups[info.Group] = g
			continue
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", info.Code, part, ratio(h.right, h.said), ratio(h.found, h.asked))
	}
	seen := map[string]bool{}
	for _, info := range nomenclatures.Sectors() {
		if h := groups[info.Group]; !seen[info.Group] && h.said+h.asked > 0 {
			fmt.Fprintf(b, "| *%s* (rest of the group) | %s | %s | %s |\n", info.Group, part, ratio(h.right, h.said), ratio(h.found, h.asked))
		}
		seen[info.Group] = true
	}
}

const figuresMark = "<!-- figures: go test ./tenders -run ClassificationOnSamples -update -->\n"

// figuresEnd closes figures that are not the end of their page.
const figuresEnd = "<!-- end of figures -->\n"

// holdFigures wants a page to hold the figures that were measured; -update writes them.
func holdFigures(t *testing.T, path, mark, text string) {
	t.Helper()
	if *update {
		if err := rewriteFigures(path, mark, text); err != nil {
			t.Fatal(err)
		}
	}
	if page, err := os.ReadFile(path); err != nil || !strings.Contains(string(page), mark+text) {
		t.Errorf("%s does not hold the figures: run with -update and read what changed (%v)", path, err)
	}
}

// rewriteFigures replaces what follows the mark of a page, up to figuresEnd if it is there.
func rewriteFigures(path, mark, text string) error {
	page, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	above, old, found := strings.Cut(string(page), mark)
	if !found {
		return fmt.Errorf("%s has no mark", path)
	}
	_, below, _ := strings.Cut(old, figuresEnd)
	return os.WriteFile(path, []byte(above+mark+text+below), 0o644)
}
