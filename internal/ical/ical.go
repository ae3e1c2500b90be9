// Package ical writes the lines of an iCalendar file (RFC 5545): folding,
// escaping and instants. What the lines say is the business of who writes them.
package ical

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Writer gathers lines; its zero value is empty.
type Writer struct{ b strings.Builder }

// String is what was written.
func (w *Writer) String() string { return w.b.String() }

// Stamp writes an instant in UTC (RFC 5545, 3.3.5).
func Stamp(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

var escaped = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// Text writes a property whose value is free text. Control characters are
// not allowed in one (RFC 5545, 3.1) and are dropped.
func (w *Writer) Text(name, value string) {
	w.Line(name, strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, escaped.Replace(strings.ToValidUTF8(value, "\uFFFD"))))
}

// Line folds at 75 octets, never inside a character (RFC 5545, 3.1).
func (w *Writer) Line(name, value string) {
	rest, room := name+":"+value, 75
	for len(rest) > room {
		cut := room
		for !utf8.RuneStart(rest[cut]) {
			cut--
		}
		w.b.WriteString(rest[:cut] + "\r\n ")
		rest, room = rest[cut:], 74
	}
	w.b.WriteString(rest + "\r\n")
}
