package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"maillage/indicators/release"
)

// resource is one file of the descriptor (Data Package, version 2 of https://datapackage.org/standard).
type resource struct {
	Name      string         `json:"name"`
	Path      string         `json:"path"`
	Type      string         `json:"type,omitempty"`
	Mediatype string         `json:"mediatype"`
	Encoding  string         `json:"encoding,omitempty"`
	Bytes     int            `json:"bytes"`
	Hash      string         `json:"hash"`
	Schema    map[string]any `json:"schema,omitempty"`
}

var mediatypes = map[string]string{"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "json": "application/json", "md": "text/markdown"}

func describe(t Terms, parts []Part, files []release.File) ([]byte, error) {
	var all []resource
	for _, f := range files {
		ext := f.Path[strings.LastIndexByte(f.Path, '.')+1:]
		h := sha256.Sum256(f.Data)
		name := strings.NewReplacer("/", "-", ".", "-").Replace(strings.ToLower(f.Path))
		r := resource{Name: name, Path: f.Path, Mediatype: mediatypes[ext], Bytes: len(f.Data), Hash: "sha256:" + hex.EncodeToString(h[:])}
		if i := slices.IndexFunc(parts, func(p Part) bool { return p.path() == f.Path }); i >= 0 {
			r.Type, r.Encoding, r.Schema = "table", "utf-8", parts[i].schema(t)
		}
		all = append(all, r)
	}
	return indented(map[string]any{
		"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": strings.ToLower(t.Number), "title": parts[0].Kind.Title().FR,
		"description": "Agreement " + t.Number + ", " + t.FromOn + " to " + t.UntilOn + ": not to be passed on.",
		"licenses":    []map[string]string{{"name": "other-closed", "title": "Accord " + t.Number}}, "resources": all})
}

func (p Part) schema(t Terms) map[string]any {
	columns, _ := p.Only(t.Variables)
	fields := []map[string]any{{"name": "year", "type": "year", "title": "Année", "description": "Year"}}
	for _, v := range p.Kind.Variables() {
		if !slices.Contains(columns, v.Name) {
			continue
		}
		field := map[string]any{"name": v.Name, "type": "string", "title": v.Label.FR, "description": v.Says.FR + " / " + v.Says.EN}
		if v.Name != "place" { // a list of places is not closed
			var codes []map[string]string
			for _, c := range v.Codes {
				codes = append(codes, map[string]string{"value": c.Value, "label": c.Label.FR})
			}
			field["categories"] = codes
		}
		fields = append(fields, field)
	}
	return map[string]any{"fields": fields, "missingValues": []map[string]string{
		{"value": NotCollected, "label": "non collecté / not collected"}, {"value": Suppressed, "label": "masqué / suppressed"}}}
}

// codebook says what each variable and each code means.
func codebook(k Kind, lang string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n", k.Title().In(lang))
	for _, v := range k.Variables() {
		fmt.Fprintf(&b, "\n## %s — %s\n\n%s\n\n", v.Name, v.Label.In(lang), v.Says.In(lang))
		for _, c := range v.Codes {
			fmt.Fprintf(&b, "- `%s` : %s\n", c.Value, c.Label.In(lang))
		}
		fmt.Fprintf(&b, "- `%s` : %s\n", NotCollected, text("non collecté : la structure ne l’a pas dit", "not collected: the enterprise did not say").In(lang))
		if !v.Sensitive {
			fmt.Fprintf(&b, "- `%s` : %s\n", Suppressed, text("masqué : connu, et retiré pour que personne ne soit reconnu", "suppressed: known, and taken away so that nobody is recognised").In(lang))
		}
	}
	return b.Bytes()
}

func readme(t Terms, parts []Part) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Accord %s\n\n%s — %s (%s).\nDu %s au %s. Ces fichiers ne se transmettent pas, et se détruisent au dernier jour de l’accord.\n\n", t.Number, t.Institution, t.Purpose, t.Reference, t.FromOn, t.UntilOn)
	fmt.Fprintf(&b, "*Agreement %s: %s, %s to %s. These files are not passed on, and are destroyed on the last day.*\n\n", t.Number, t.PurposeEN, t.FromOn, t.UntilOn)
	for _, p := range parts {
		fmt.Fprintf(&b, "- `%s` : %d enregistrements / records, %s, sha256 %s\n", p.path(), len(p.Rows), p.Label, p.Hash)
	}
	fmt.Fprintf(&b, "\nChaque enregistrement partage ses variables clés avec %d au moins, de %d groupes économiques au moins, qui ont %d valeurs au moins de chaque variable sensible ; de même dans les deux fichiers d’une année réunis. L’ordre des lignes est tiré au hasard. Ce qui a été fait est dans protection.json.\n", LeastShared, leastGroups, LeastDiverse)
	fmt.Fprintf(&b, "\n*Each record shares its keys with %d at least, of %d economic groups at least, who hold %d values at least of each sensitive variable; and so in both files of a year together. The order of the rows is drawn. What was done is in protection.json.*\n", LeastShared, leastGroups, LeastDiverse)
	fmt.Fprintf(&b, "\nUne absence de valeur est dite : `%s`, non collecté ; `%s`, connu et masqué. Ce ne sont pas des zéros.\n\nVérifier / verify: `sha256sum -c SHA256SUMS`\n", NotCollected, Suppressed)
	return b.Bytes()
}
