package release

import (
	"encoding/binary"
	"runtime"
	"testing"
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
