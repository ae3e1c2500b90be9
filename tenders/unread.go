package tenders

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// What a reader does not understand of a record is set aside, not dropped: kept
// with the notice, for an administrator to see and a later reader to read, and
// its words are looked at for clauses. People are masked in it as elsewhere.

// Bounds of what is kept of it, in bytes. The longest full text of the samples
// has 60,000.
const (
	maxAside = 64 << 10
	maxWords = 20_000
)

// unreadText names, among the texts of a notice, the words of what was set aside.
const unreadText = "unread"

// setAside keeps a part of the record that was not understood, by its path.
func (d *draft) setAside(path string, value any) {
	if d.aside == nil {
		d.aside = map[string]any{}
	}
	if len(d.aside) < maxList {
		d.aside[path] = value
	}
}

// keepAside gives the notice what was set aside and its words. It comes after
// the verdict, which it may only put in doubt.
func (d *draft) keepAside() {
	if len(d.aside) == 0 {
		return
	}
	var raw bytes.Buffer
	enc := json.NewEncoder(&raw)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(d.aside); err != nil {
		return // it was read from JSON or XML, and is always encoded
	}
	masked := maskRaw(strings.TrimSpace(raw.String()))
	d.Unread = beginning(masked, maxAside)
	words, _ := restoreMarks(wordsOf(masked))
	if words = tidy(beginning(words, maxWords)); words == "" {
		return
	}
	d.Texts[unreadText] = words
	d.from("texts."+unreadText, d.asideFrom())
	d.confirmAside(scan([]passage{{"texts." + unreadText, unreadText, words}}))
}

// asideFrom is where the first of what was set aside stands.
func (d *draft) asideFrom() string {
	var paths []string
	for path := range d.aside {
		paths = append(paths, path)
	}
	return "/" + slices.Min(paths)
}

// confirmAside asks to confirm a silence that what was not understood may break. A
// verdict that was read stands, and has these reasons too.
func (d *draft) confirmAside(hits []hit) {
	if hits = proven(hits); len(hits) == 0 {
		return
	}
	for i := range d.Lots {
		lot := &d.Lots[i]
		mine := hits
		if len(d.Lots) > 1 {
			mine = forLot(hits, lot.ID)
		}
		lot.Social.doubt(mine)
		lot.Reserved = slices.Clone(lot.Social.ReservedTo)
	}
	d.Social.doubt(hits)
}

func (s *Social) doubt(hits []hit) {
	for _, h := range hits {
		s.Evidence = append(s.Evidence, h.Evidence)
		if strength[s.Verdict] > strength[ToConfirm] {
			continue
		}
		s.Verdict, s.Confidence = ToConfirm, 0.5
		s.Hours = max(s.Hours, h.hours)
		if h.Says == Reserved {
			s.reserve(h.to...)
		}
	}
	s.sortEvidence()
}

// wordsOf lists the strings of a JSON text, and those of JSON in its strings,
// well formed or not.
func wordsOf(text string) string {
	var words []string
	eachLiteral(text, func(l literal) {
		said := l.raw
		switch {
		case l.kind == aKey:
			return
		case l.kind == aValue && json.Unmarshal([]byte(l.raw), &said) != nil:
			said = strings.Trim(l.raw, `"`)
		case l.kind == aValue && recognise([]byte(said[:min(len(said), sniffSize)])) == formatJSON:
			said = wordsOf(said)
		}
		if strings.ContainsFunc(said, unicode.IsLetter) {
			words = append(words, said)
		}
	})
	return strings.Join(words, "\n")
}

// openBody tells the schema of the full text. A text whose schema is not known
// is set aside whole, and of one that is, what is not read.
func (b *boamp) openBody(donnees jnode) {
	b.schema, b.body = schemaOf(donnees)
	if b.schema == nil {
		b.schema = &schemaMAPA
		if donnees.v != nil {
			b.warn(WarnBody, "donnees", "the full text has the schema %.200q, which is not read", strings.Join(donnees.keys(), ","))
			b.setAside("donnees", donnees.v)
		}
		return
	}
	left := unread(b.body, b.schema.known, "")
	left = append(left, beside(donnees, b.body)...)
	b.unreadFields("donnees", left)
}

// beside lists what stands next to the body of a full text.
func beside(donnees, body jnode) (left []jnode) {
	if donnees.path == body.path {
		return nil
	}
	for _, key := range donnees.keys() {
		if part := donnees.at(key); part.path != body.path && part.holds() {
			left = append(left, part)
		}
	}
	return left
}

// openRecord sets aside the fields of the record that are not known.
func (b *boamp) openRecord() {
	if b.head == nil {
		b.unreadFields("record", unread(b.rec, boampFields, ""))
	}
}

// unreadFields sets parts aside and says which, once for the field.
func (b *boamp) unreadFields(field string, left []jnode) {
	if len(left) == 0 {
		return
	}
	var paths []string
	for _, part := range left {
		path := strings.Trim(part.path, "/")
		b.setAside(path, part.v)
		paths = append(paths, strings.TrimPrefix(path, b.body.rootOf()))
	}
	b.warn(WarnUnread, field, "%d fields are not read: %.1000s", len(paths), strings.Join(paths[:min(len(paths), maxUnread)], ", "))
}

// rootOf is what the paths below a node begin with.
func (j jnode) rootOf() string {
	if j.path == "" {
		return ""
	}
	return fmt.Sprint(strings.Trim(j.path, "/"), "/")
}

// holds tells a value that says something from an empty one.
func (j jnode) holds() bool {
	switch v := j.v.(type) {
	case nil:
		return false
	case string:
		return strings.TrimSpace(v) != ""
	case []any:
		return slices.ContainsFunc(j.list(), jnode.holds)
	case map[string]any:
		return len(v) > 0
	}
	return true
}
