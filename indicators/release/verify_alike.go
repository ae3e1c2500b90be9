package release

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"path"
	"slices"
	"strings"

	"maillage/internal/fault"
)

// telling is what a description says of the release, by matter: the title, the version…
// Two descriptions of one release say the same of each.
type telling map[string]string

// matters are what the descriptions are compared on, and how a reader is told so.
func matters() map[string]fault.Text {
	return map[string]fault.Text{"title": {FR: "le titre", EN: "the title"}, "version": {FR: "la version", EN: "the version"}, "licence": {FR: "la licence", EN: "the licence"},
		"dates": {FR: "les dates", EN: "the dates"}, "coverage": {FR: "la couverture", EN: "the coverage"}, "publisher": {FR: "l’éditeur", EN: "the publisher"}, "figures": {FR: "les chiffres", EN: "the figures"}}
}

// descriptions reads each file that describes the release for what machines take from it.
func descriptions() map[string]func([]byte) (telling, error) {
	return map[string]func([]byte) (telling, error){"metadata/datacite.xml": tellDataCite, "metadata/ddi-codebook.xml": tellDDI, "data/csv-metadata.json": tellCSVW, descriptorName: tellPackage}
}

// alike compares the descriptions with one another: each with what datapackage.json,
// the tables and the certificate make of it. Words around them may differ.
func (v *verification) alike() int {
	own, err := v.made()
	if err != nil {
		v.findErr(descriptorName, err)
		return 0
	}
	all := descriptions()
	for _, file := range sorted(all) {
		if data := v.files[file]; data != nil { // one that is missing is found with the hashes
			v.compareTelling(file, all[file], data, own[file])
		}
	}
	for _, file := range sorted(v.needles()) {
		v.mentions(file, v.needles()[file])
	}
	return len(all) + len(v.needles())
}

// made makes the files again, once.
func (v *verification) made() (map[string][]byte, error) {
	if v.again == nil {
		files, err := makeFiles(v.ctx, v.dataset, nil)
		if err != nil {
			return nil, err
		}
		v.again = byPath(files)
	}
	return v.again, nil
}

func (v *verification) compareTelling(file string, read func([]byte) (telling, error), data, own []byte) {
	here, err := read(data)
	if err != nil {
		v.say(file, "cette description ne se lit pas : %s", "this description does not read: %s", clip(err.Error()))
		return
	}
	there, err := read(own)
	if err != nil {
		v.findErr(file, err)
		return
	}
	for _, m := range sorted(there) {
		if here[m] != there[m] {
			what, a, b := matters()[m], apart(here[m], there[m]), apart(there[m], here[m])
			v.find(file, 0, "", fault.Text{FR: fmt.Sprintf("%s : « %s » ici, « %s » d’après les autres fichiers", what.FR, a, b), EN: fmt.Sprintf("%s: %q here, %q by the other files", what.EN, a, b)})
		}
	}
}

// apart is a text from shortly before it differs from the other.
func apart(s, other string) string {
	a, b := []rune(s), []rune(other)
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n <= 40 {
		return clip(s)
	}
	return clip("…" + string(a[n-20:]))
}

// needles are what a page made for people must mention, as it is written there.
func (v *verification) needles() map[string]telling {
	d := v.dataset.canonical()
	page := telling{"title": d.Title.FR, "version": d.Version, "licence": d.Licence.URL, "dates": day(d.IssuedOn), "coverage": d.Coverage.words("fr"), "publisher": d.cite("fr")}
	return map[string]telling{"README.md": page, "codebook.html": page, "CHANGELOG.md": {"title": d.Title.FR, "version": d.Version, "dates": day(d.IssuedOn)}}
}

func (v *verification) mentions(file string, page telling) {
	text := string(v.files[file])
	if path.Ext(file) == ".html" {
		text = html.UnescapeString(text)
	}
	for _, m := range sorted(page) {
		if text != "" && !strings.Contains(text, page[m]) {
			what, b := matters()[m], clip(page[m])
			v.find(file, 0, "", fault.Text{FR: fmt.Sprintf("%s : « %s » d’après les autres fichiers, et rien de tel ici", what.FR, b), EN: fmt.Sprintf("%s: %q by the other files, and nothing of the kind here", what.EN, b)})
		}
	}
}

func tellPackage(data []byte) (telling, error) {
	var p descriptor
	err := json.Unmarshal(data, &p)
	t := telling{"title": together(p.Title, p.Description, p.Keywords), "version": p.Version, "licence": together(p.Licenses), "dates": p.Created, "publisher": together(p.Contributors, p.Sources)}
	return t, err
}

func tellCSVW(data []byte) (telling, error) {
	var g csvwGroup
	err := json.Unmarshal(data, &g)
	return telling{"title": together(g.Title), "dates": g.Issued.Value, "licence": g.Licence.ID, "figures": together(g.Tables)}, err
}

func tellDataCite(data []byte) (telling, error) {
	var c dataCite
	err := xml.Unmarshal(data, &c)
	return telling{"title": together(c.Titles, c.About), "version": together(c.Version, c.Identifier), "licence": together(c.Rights), "dates": together(c.Year, c.Dates),
		"coverage": together(c.Places), "publisher": together(c.Publisher, c.Creators, c.Elsewhere), "figures": together(c.Sizes)}, err
}

func tellDDI(data []byte) (telling, error) {
	var c ddi
	err := xml.Unmarshal(data, &c)
	s := c.Study
	return telling{"title": together(s.Title, s.Parallel, s.Abstract), "version": together(s.Version.Text, s.ID), "licence": together(s.Licence), "dates": together(s.Issued, s.Produced, s.Version.Date),
		"coverage": together(s.Periods, s.Places, s.Universe, s.Response), "publisher": together(s.Publisher, s.Producer, s.Authors, s.Cite), "figures": together(c.Files, c.Vars)}, err
}

// together writes values on one line, to be compared and shown.
func together(values ...any) string {
	parts := make([]string, len(values))
	for i, v := range values {
		if parts[i] = fmt.Sprint(v); fmt.Sprintf("%T", v) != "string" {
			out, _ := json.Marshal(v) // values of this package, which always marshal
			parts[i] = string(out)
		}
	}
	return strings.Join(parts, " · ")
}

// reproduced makes the files again and says how many come out the same, to the byte.
// Those that do not are named: a release of which one was touched is not sound.
func (v *verification) reproduced() int {
	own, err := v.made()
	if err != nil {
		return 0 // said with the descriptions
	}
	names := append(sorted(own), v.paths()...)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if !bytes.Equal(v.files[name], own[name]) {
			v.report.Differing = append(v.report.Differing, plain(name))
		}
	}
	return max(0, len(own)-len(v.report.Differing))
}
