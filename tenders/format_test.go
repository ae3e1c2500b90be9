package tenders

import (
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
