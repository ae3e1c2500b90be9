package release

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"maillage/internal/fault"
)

// Bounds of a release, both when it is written and when a stranger's is read.
const (
	maxTables = 100
	maxFields = 200
	maxRows   = 1_000_000
	maxCells  = 4_000_000
	maxWord   = 200
	maxNote   = 4000
	maxSums   = 20 // ways to make one total
)

var (
	slug     = regexp.MustCompile(`^[a-z][a-z0-9-]{0,30}$`)
	name     = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	semver   = regexp.MustCompile(`^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$`)
	doi      = regexp.MustCompile(`^10\.[0-9]{4,9}/[A-Za-z0-9._;()/:-]+$`)
	reserved = []string{"variables", "codes"} // sheets of the workbook
)

// Check says everything that keeps a dataset from being written, each fault located
// ("tables.exits.rows.12.persons"); rows are counted from 1, in the order they are given.
func (d Dataset) Check() error {
	c := &checker{}
	c.head(d)
	cells := 0
	for i, t := range d.Tables {
		if slices.ContainsFunc(d.Tables[:i], func(o Table) bool { return o.Name == t.Name }) {
			c.add("tables."+t.Name, "twice", "Ce tableau est donné deux fois.", "This table is given twice.")
		}
		c.table("tables."+t.Name, t)
		cells += len(t.Rows) * len(t.Fields)
	}
	if len(d.Tables) == 0 || len(d.Tables) > maxTables || cells > maxCells {
		c.add("tables", "size", fmt.Sprintf("Il faut de 1 à %d tableaux, et %d cellules au plus.", maxTables, maxCells),
			fmt.Sprintf("There must be 1 to %d tables, and %d cells at most.", maxTables, maxCells))
	}
	if len(c.faults) > 0 {
		return fault.Invalid(c.faults...)
	}
	return nil
}

// checker gathers faults; past a hundred, one says as much as the others.
type checker struct{ faults []fault.Field }

func (c *checker) add(path, code, fr, en string) {
	if len(c.faults) < 100 {
		c.faults = append(c.faults, fault.At(path, code, fr, en))
	}
}

// want asks that something be there and of its form.
func (c *checker) want(ok bool, path string) {
	if !ok {
		c.add(path, "form", "Cette information manque ou n’a pas la forme attendue.", "This is missing or not of the expected form.")
	}
}

func (c *checker) head(d Dataset) {
	c.want(slug.MatchString(d.ID), "id")
	c.want(semver.MatchString(d.Version), "version")
	c.want(both(d.Title), "title")
	c.want(both(d.Abstract), "abstract")
	c.want(both(d.Reproduce), "reproduce")
	c.want(d.IssuedOn.UTC().Year() >= 1980 && d.IssuedOn.UTC().Year() < 2100, "issued_on") // a ZIP knows no other years
	c.want(slug.MatchString(strings.ReplaceAll(strings.ToLower(d.Licence.Name), ".", "-")), "licence.name")
	c.want(d.Licence.Title != "", "licence.title")
	c.want(web(d.Licence.URL), "licence.url")
	c.want(line(d.Publisher), "publisher")
	c.want(len(d.Creators) > 0, "creators")
	c.want(d.URL == "" || web(d.URL), "url")
	c.want(d.DOI == "" || doi.MatchString(d.DOI), "doi")
	c.want(len(d.Sources) > 0, "sources")
	for i, s := range d.Sources {
		c.want(both(s.Title) && (s.URL == "" || web(s.URL)), fmt.Sprintf("sources.%d", i+1))
	}
	c.coverage("coverage", d.Coverage)
	c.history(d)
	var object map[string]any
	c.want(json.Unmarshal(d.Certificate, &object) == nil && len(object) > 0, "certificate")
}

// history asks that this version say what it changed.
func (c *checker) history(d Dataset) {
	if len(d.Changelog) == 0 || d.Changelog[0].Version != d.Version || d.Changelog[0].On != day(d.IssuedOn) {
		c.add("changelog", "latest", "La première entrée du journal doit être celle de cette version, à sa date.",
			"The first entry of the changelog must be of this version, on its date.")
	}
	for i, e := range d.Changelog {
		ok := semver.MatchString(e.Version) && len(e.Changes) > 0
		for _, t := range e.Changes {
			ok = ok && both(t)
		}
		c.want(ok, fmt.Sprintf("changelog.%d", i+1))
	}
}

func (c *checker) coverage(path string, v Coverage) {
	c.want(both(v.Frame), path+".frame")
	c.want(both(v.Territory), path+".territory")
	c.want(both(v.Vintage), path+".vintage")
	c.want(v.From >= 1900 && v.From <= v.To && v.To < 2200, path+".years")
	c.want(v.Answered >= 0 && v.Answered <= v.Asked, path+".answered")
}

func (c *checker) table(path string, t Table) {
	c.want(slug.MatchString(t.Name) && !slices.Contains(reserved, t.Name), path+".name")
	c.want(both(t.Title), path+".title")
	c.want(len(t.Fields) > 0 && len(t.Fields) <= maxFields, path+".fields")
	c.want(len(t.keyed()) > 0, path+".dimensions")
	c.want(len(t.Rows) <= maxRows, path+".rows")
	seen := map[string]bool{}
	for _, f := range t.Fields {
		c.want(!seen[f.Name], path+".fields."+f.Name)
		seen[f.Name] = true
		c.field(path+".fields."+f.Name, t, f)
	}
	if len(c.faults) == 0 { // rows are read by their fields
		c.rows(path+".rows", t)
	}
}

// both says that a text is there in both languages.
func both(t fault.Text) bool { return prose(t.FR) && prose(t.EN) }

// prose is a text that XML can hold.
func prose(s string) bool {
	return strings.TrimSpace(s) != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\n' || r == 0x7f || r == 0xFFFD || r == 0xFFFE || r == 0xFFFF
	})
}

func line(s string) bool { return prose(s) && !strings.Contains(s, "\n") }

// web is an absolute address that a browser follows.
func web(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}
