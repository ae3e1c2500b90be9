package tenders

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// The benchmarks read one record of each format, and the same bytes with the
// bare decoder of the standard library, whose time is the yardstick:
//
//	go test ./tenders -run '^$' -bench . -benchtime 2s
func BenchmarkEForms(b *testing.B) { parse(b, "eforms-call.xml") }
func BenchmarkTED(b *testing.B)    { parse(b, "ted-call-latin1.xml") }
func BenchmarkBOAMP(b *testing.B)  { parse(b, "boamp-page.json") }

func BenchmarkBareEForms(b *testing.B) { bareXML(b, "eforms-call.xml") }
func BenchmarkBareTED(b *testing.B)    { bareXML(b, "ted-call-latin1.xml") }

func BenchmarkBareBOAMP(b *testing.B) {
	raw := benchFile(b, "boamp-page.json")
	for b.Loop() {
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			b.Fatal(err)
		}
	}
}

func benchFile(b *testing.B, name string) []byte {
	b.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	return raw
}

func parse(b *testing.B, name string) {
	raw, p := benchFile(b, name), testParser(b)
	for b.Loop() {
		for rec := range p.Read(context.Background(), name, bytes.NewReader(raw)) {
			_ = rec
		}
	}
}

func bareXML(b *testing.B, name string) {
	raw := benchFile(b, name)
	for b.Loop() {
		dec := xml.NewDecoder(bytes.NewReader(raw))
		dec.CharsetReader = charsetReader
		for {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}
