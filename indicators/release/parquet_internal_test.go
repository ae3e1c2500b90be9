package release

import (
	"bytes"
	"encoding/binary"
	"runtime"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
)

func small() Table {
	return Table{Name: "t", Fields: []Field{{Name: "kind", Kind: Code}, {Name: "fte", Kind: Decimal, Decimals: 2}},
		Rows: [][]Cell{{Word("ACI"), Number(835)}, {Word("EI"), {Status: Suppressed}}, {Word("all"), Number(0)}}}
}

// A file that says its footer is larger than itself is refused before room is made for it.
func TestAFooterThatLies(t *testing.T) {
	t.Parallel()
	data, err := small().writeParquet()
	if err != nil {
		t.Fatal(err)
	}
	binary.LittleEndian.PutUint32(data[len(data)-8:], 0xfffffff0)
	if _, err := small().readParquet(data, 3); err == nil || inWords(err).EN != errParquet.Error() {
		t.Errorf("%v", err)
	}
}

// Whatever the bytes, an answer comes, and takes no more room than a file may ask for.
func FuzzReadParquet(f *testing.F) {
	table := small()
	data, err := table.writeParquet()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		rows, err := table.readParquet(data, len(table.Rows))
		runtime.ReadMemStats(&after)
		if room := after.TotalAlloc - before.TotalAlloc; room > 64<<20 {
			t.Errorf("%d bytes take %d MB", len(data), room>>20)
		}
		if err == nil && len(rows) != len(table.Rows) {
			t.Errorf("%d rows", len(rows))
		}
	})
}

// A page holds plain values, no more than the rows, and is no larger than what is left.
func TestPagesAreBounded(t *testing.T) {
	t.Parallel()
	page := func(values, size, plain int32, encoding format.Encoding) format.PageHeader {
		return format.PageHeader{Type: format.DataPage, CompressedPageSize: size, UncompressedPageSize: plain,
			DataPageHeader: thrift.Null[format.DataPageHeader]{Valid: true, V: format.DataPageHeader{NumValues: values, Encoding: encoding}}}
	}
	dictionary := page(3, 10, 10, format.Plain)
	dictionary.Type = format.DictionaryPage
	for name, c := range map[string]struct {
		h    format.PageHeader
		want bool
	}{
		"as written":      {page(3, 10, 10, format.Plain), true},
		"too many values": {page(4, 10, 10, format.Plain), false},
		"too large":       {page(3, 11, 11, format.Plain), false},
		"below zero":      {page(3, -1, -1, format.Plain), false},
		"compressed":      {page(3, 10, 1<<30, format.Plain), false},
		"a delta":         {page(3, 10, 10, format.DeltaBinaryPacked), false},
		"a dictionary":    {dictionary, false},
	} {
		if got := boundedPage(c.h, 10, 3); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// The library that draws the codebook writes in the bytes of a typeface: ours stay as they are.
func TestTypefacesStayAsTheyAre(t *testing.T) {
	t.Parallel()
	faces := func() [3]string { return [3]string{sum(goregular.TTF), sum(gobold.TTF), sum(gomono.TTF)} }
	before := faces()
	d := Dataset{Tables: []Table{small()}, IssuedOn: time.Date(2026, 9, 14, 0, 0, 0, 0, time.UTC)} // the library dates a document without a date itself
	first, err := d.writePDF()
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.writePDF()
	if err != nil || !bytes.Equal(first, again) || faces() != before {
		t.Errorf("the second document of a process is another: %v", err)
	}
}
