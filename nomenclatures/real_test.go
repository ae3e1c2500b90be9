package nomenclatures_test

import (
	"encoding/csv"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"maillage/internal/testkit"
	"maillage/nomenclatures"
)

// How much of the real data the crosswalk covers. The figures are printed by
//
//	go test -v -run 'OnRealData' ./nomenclatures
//
// and the floors keep an edit of the crosswalk from losing ground.

// coverage counts the uses of codes that lead to a sector.
type coverage struct {
	uses, reached, sure int
	missed              map[string]int
}

func (c *coverage) add(code nomenclatures.Code, uses int) {
	c.uses += uses
	sectors := nomenclatures.SectorsOf(code)
	if len(sectors) == 0 {
		if c.missed == nil {
			c.missed = map[string]int{}
		}
		c.missed[code.Value+" "+code.Label()] += uses
		return
	}
	c.reached += uses
	for _, s := range sectors {
		if _, v := nomenclatures.Closeness(s.Code(), code); v >= 0.9 {
			c.sure += uses
			return
		}
	}
}

func (c *coverage) report(t *testing.T, name string, floor float64) {
	t.Helper()
	t.Logf("%s: %d uses, %.1f%% reach a sector, %.1f%% surely", name, c.uses,
		100*float64(c.reached)/float64(c.uses), 100*float64(c.sure)/float64(c.uses))
	if share := float64(c.reached) / float64(c.uses); share < floor {
		t.Errorf("%s: %.3f reach a sector, the floor is %.3f", name, share, floor)
	}
	missed := slices.SortedFunc(maps.Keys(c.missed), func(a, b string) int { return c.missed[b] - c.missed[a] })
	for _, m := range missed[:min(12, len(missed))] {
		t.Logf("  beyond: %4d %s", c.missed[m], m)
	}
}

var cpvInNotice = regexp.MustCompile(`(?:CPV_CODE CODE="|ItemClassificationCode listName="cpv">)(\d{8})`)

func TestCPVOfNoticesOnRealData(t *testing.T) {
	t.Parallel()
	root := filepath.Join(testkit.Samples(t), "tenders", "eforms")
	for _, folder := range []struct {
		name  string
		floor float64
	}{{"ted-r209-fr", 0.91}, {"real-eu", 0.75}} {
		var c coverage
		err := filepath.WalkDir(filepath.Join(root, folder.name), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".xml") {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range cpvInNotice.FindAllSubmatch(data, -1) {
				c.add(nomenclatures.CPV(m[1]).Code(), 1)
			}
			return nil
		})
		if err != nil || c.uses == 0 {
			t.Fatalf("%s: %d codes read, %v", folder.name, c.uses, err)
		}
		c.report(t, folder.name, folder.floor)
	}
}

func TestCPVOfAwardsOnRealData(t *testing.T) {
	t.Parallel()
	var c coverage
	bad := 0
	for _, text := range column(t, "tenders/decp/decp_real_2024_before_november.csv", "codeCPV") {
		code, err := nomenclatures.ParseCPV(text)
		if err != nil {
			bad++
			continue
		}
		c.add(code.Code(), 1)
	}
	t.Logf("%d codes are no CPV", bad)
	c.report(t, "awards", 0.75)
}

func TestNAFOfMembersOnRealData(t *testing.T) {
	t.Parallel()
	total, empty, silent, telling, placed := 0, 0, 0, 0, 0
	missed := map[string]int{}
	for _, text := range column(t, "network/siae.csv", "naf") {
		total++
		code, err := nomenclatures.ParseNAF(text)
		if err != nil {
			empty++
			continue
		}
		if !nomenclatures.Telling(code) {
			silent++
			if _, listed := nomenclatures.Silence(code); !listed && code.Label() != "" {
				t.Errorf("%q is neither telling nor listed as silent", text)
			}
			continue
		}
		telling++
		if len(nomenclatures.SectorsOf(code.Code())) == 0 {
			missed[code.Dotted()+" "+code.Label()]++
			continue
		}
		placed++
	}
	t.Logf("%d establishments: %d without NAF, %d silent, %d telling, of which %d lead to a sector (missed: %v)",
		total, empty, silent, telling, placed, missed)
	if placed < telling*98/100 {
		t.Errorf("%d of %d telling NAF lead to a sector", placed, telling)
	}
}

func TestDescriptorsOnRealData(t *testing.T) {
	t.Parallel()
	codes := column(t, "tenders/codelists/boamp_descripteurs_observes.csv", "code")
	var c coverage
	for _, text := range codes {
		d, err := nomenclatures.ParseDescriptor(text)
		if err != nil || !d.Known() {
			t.Errorf("descriptor %q: %v", text, err)
			continue
		}
		if _, silent := nomenclatures.SilentDescriptor(d); !silent {
			c.add(d.Code(), 1)
		}
	}
	c.report(t, "descriptors that say something", 1)
	t.Logf("%d descriptors, %d silent", len(codes), len(codes)-c.uses)
}

// The public list of sectors: each of its 154 names is a sector here, in the
// same group, under its name or a mended one.
func TestPublicSectorsOnRealData(t *testing.T) {
	t.Parallel()
	groups, names := column(t, "nomenclatures/iae_sectors.csv", "group"), column(t, "nomenclatures/iae_sectors.csv", "sector")
	if len(names) != 154 {
		t.Errorf("%d names, want 154", len(names))
	}
	for i, name := range names {
		name = strings.Replace(name, "déchets déchets", "déchets", 1) // a slip of the list
		s, err := nomenclatures.ParseSector(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if info, _ := nomenclatures.LookupSector(s); info.GroupFR != groups[i] {
			t.Errorf("%s is in %q, the list says %q", s, info.GroupFR, groups[i])
		}
	}
}

// Titles of notices: how often the words agree with the CPV. A reader of words
// cannot be held to more, but a fall means that a wording went astray.
func TestTitlesOfNoticesOnRealData(t *testing.T) {
	t.Parallel()
	root := filepath.Join(testkit.Samples(t), "tenders", "eforms", "ted-r209-fr")
	paths, err := filepath.Glob(filepath.Join(root, "*.xml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no notice in %s: %v", root, err)
	}
	read, spoken, agreed := 0, 0, 0
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		title, cpv := titleOf(string(data)), cpvInNotice.FindSubmatch(data)
		if title == "" || cpv == nil {
			continue
		}
		read++
		found := nomenclatures.SectorsInText(title)
		if len(found) == 0 || found[0].Confidence < 0.5 {
			continue
		}
		spoken++
		asked := nomenclatures.Compile([]nomenclatures.Code{nomenclatures.CPV(cpv[1]).Code()})
		if agrees(asked, found[:min(2, len(found))]) {
			agreed++
			continue
		}
		t.Logf("  apart: %s %s: %q says %s", cpv[1], nomenclatures.CPV(cpv[1]).Label(), title, found[0].Sector)
	}
	t.Logf("%d titles, %d speak of a sector, %d of them agree with the main CPV", read, spoken, agreed)
	if agreed*100 < spoken*85 {
		t.Errorf("%d of %d titles agree with the CPV", agreed, spoken)
	}
}

// Flat records of the BOAMP have no CPV: the words of the object are compared
// with the descriptors that the buyer ticked.
func TestObjectsOfBOAMPOnRealData(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join(testkit.Samples(t), "tenders", "boamp", "api", "boamp_flat_2024-02-07_08_1000.json"))
	if err != nil {
		t.Fatal(err)
	}
	var page struct {
		Results []struct {
			Object      string   `json:"objet"`
			Descriptors []string `json:"descripteur_code"`
		} `json:"results"`
	}
	if err := json.Unmarshal(data, &page); err != nil {
		t.Fatal(err)
	}
	spoken, described, agreed := 0, 0, 0
	for _, r := range page.Results {
		found := nomenclatures.SectorsInText(r.Object)
		if len(found) == 0 || found[0].Confidence < 0.5 {
			continue
		}
		spoken++
		asked := nomenclatures.Compile(tellingDescriptors(r.Descriptors))
		if len(asked.Codes()) == 0 {
			continue
		}
		described++
		if agrees(asked, found[:min(2, len(found))]) {
			agreed++
		}
	}
	t.Logf("%d objects, %d speak of a sector; of %d with a descriptor that says something, %d agree", len(page.Results), spoken, described, agreed)
	if agreed*100 < described*90 || spoken*100 < len(page.Results)*55 {
		t.Error("the words lost ground")
	}
}

func tellingDescriptors(texts []string) []nomenclatures.Code {
	var out []nomenclatures.Code
	for _, text := range texts {
		d, err := nomenclatures.ParseDescriptor(text)
		if _, silent := nomenclatures.SilentDescriptor(d); err == nil && !silent {
			out = append(out, d.Code())
		}
	}
	return out
}

func agrees(asked *nomenclatures.Asked, found []nomenclatures.Mention) bool {
	for _, m := range found {
		if _, v, _ := asked.Best(m.Sector.Code()); v > 0 {
			return true
		}
	}
	return false
}

var titleInNotice = regexp.MustCompile(`(?s)<OBJECT_CONTRACT[^>]*>.*?<TITLE>(.*?)</TITLE>`)
var tags = regexp.MustCompile(`<[^>]*>`)

func titleOf(notice string) string {
	m := titleInNotice.FindStringSubmatch(notice)
	if m == nil {
		return ""
	}
	return strings.TrimSpace(tags.ReplaceAllString(m[1], " "))
}

func column(t *testing.T, file, name string) []string {
	t.Helper()
	f, err := os.Open(filepath.Join(testkit.Samples(t), filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("read %s: %v", file, err)
	}
	at := slices.Index(rows[0], name)
	if at < 0 {
		t.Fatalf("%s has no column %s", file, name)
	}
	var out []string
	for _, row := range rows[1:] {
		out = append(out, row[at])
	}
	return out
}
