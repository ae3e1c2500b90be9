package tenders

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// TestLabelsOfEncodings: the bytes win over what a document says of them.
func TestLabelsOfEncodings(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/eforms-call.xml")
	if err != nil {
		t.Fatal(err)
	}
	want, err := testParser(t).Parse(raw)
	if err != nil || !strings.Contains(want.Buyer.Name, "é") {
		t.Fatal(err)
	}
	inLatin, err := charmap.Windows1252.NewEncoder().String(string(raw))
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		text, label string
		warned      bool
	}{
		"utf-8":                          {string(raw), "UTF-8", false},
		"latin-1":                        {inLatin, "ISO-8859-1", false},
		"utf-8 under latin-1":            {string(raw), "ISO-8859-1", true},
		"utf-8 under the name windows":   {string(raw), "windows-1252", true},
		"utf-8 under latin-9, in quotes": {string(raw), "iso-8859-15", true},
		"latin-1 under utf-8":            {inLatin, "utf-8", true},
	}
	for name, c := range cases {
		doc := c.text[strings.Index(c.text, "?>")+2:]
		n, err := testParser(t).Parse([]byte(`<?xml version='1.0' encoding="` + c.label + `"?>` + doc))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		warned := slices.ContainsFunc(n.Warnings, func(w Warning) bool { return w.Code == WarnEncoding })
		if n.Buyer.Name != want.Buyer.Name || warned != c.warned {
			t.Errorf("%s: %q, warned %v", name, n.Buyer.Name, warned)
		}
	}
}

// TestLabelOfContracts: as much for a list of contracts, which is streamed.
func TestLabelOfContracts(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/decp-marches.xml")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(raw[bytes.Index(raw, []byte("?>"))+2:])
	title := func(label, doc string) (string, bool) {
		for rec := range testParser(t).Read(context.Background(), "", strings.NewReader(`<?xml version="1.0" encoding="`+label+`"?>`+doc)) {
			if rec.Err != nil {
				t.Fatal(rec.Err)
			}
			if strings.ContainsFunc(rec.Notice.Title, func(r rune) bool { return r > 127 }) {
				return rec.Notice.Title, rec.Notice.warned(WarnEncoding)
			}
		}
		return "", false
	}
	want, warned := title("UTF-8", doc)
	if want == "" || warned {
		t.Fatal(want, warned)
	}
	if got, warned := title("ISO-8859-1", doc); got != want || !warned {
		t.Errorf("%q, warned %v, want %q", got, warned, want)
	}
	inLatin, err := charmap.Windows1252.NewEncoder().String(doc)
	if err != nil {
		t.Fatal(err)
	}
	if got, warned := title("ISO-8859-1", inLatin); got != want || warned {
		t.Errorf("in Latin-1: %q, warned %v, want %q", got, warned, want)
	}
	if cut := wholeRunes([]byte("é€")[:4]); string(cut) != "é" || string(wholeRunes([]byte("é"))) != "é" {
		t.Errorf("%q", cut)
	}
}
