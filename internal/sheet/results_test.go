package sheet

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"maillage/internal/fault"
)

func TestANumberIsReadAsItIsShown(t *testing.T) {
	t.Parallel()
	for held, want := range map[string]string{"151.67000000000002": "151.67", "151.670000000000": "151.67", "1234.5600000000002": "1234.56", "5.0000000000000001E-2": "0.05", "0.30000000000000004": "0.3", "-3.9999999999999996": "-4",
		"1.10": "1.10", "12": "12", "80700000000012": "80700000000012", "123456789012345678": "123456789012345678", "1.234.567.890.123.456": "1.234.567.890.123.456", "0123456789.12": "0123456789.12", "a": "a", "": ""} {
		if got := shown(held); got != want {
			t.Errorf("%s is %s, want %s", held, got, want)
		}
	}
}

// What a workbook stores otherwise than it shows is read as it is shown, whatever
// stands before it; a formula without a result is located, where its column has a name.
func TestWhatIsStoredIsReadAsItIsSeen(t *testing.T) {
	t.Parallel()
	head := `<row r="2"><c r="B2" t="inlineStr"><is><t>a</t></is></c><c r="C2" t="inlineStr"><is><t>b</t></is></c></row>`
	read := func(rows string) (*Table, error) {
		return Read("x.xlsx", bytes.NewReader(workbook(t, parts{"xl/worksheets/sheet1.xml": strings.NewReader(opened + head + rows + closed)})), func(h []string) int { return len(h) })
	}
	table, err := read(`<row r="4"><c r="B4" t="b"><v>1</v></c><c r="C4" t="b"><f>B4</f><v>0</v></c></row><row r="5"><c r="B5"><f>1+1</f><v>2</v></c><c r="C5" t="str"><f>""</f><v></v></c><c r="F5"><f>1+1</f></c></row>`)
	if err != nil {
		t.Fatal(err)
	}
	if !table.Workbook || !slices.Equal(table.Rows[0].Cells, []string{"", "TRUE", "FALSE"}) || table.Rows[1].Cells[1] != "2" {
		t.Errorf("%v", table.Rows)
	}
	for _, empty := range []string{``, `<v></v>`, `<v/>`, `<v> </v>`} {
		_, err := read(`<row r="4"><c r="B4"><v>1</v></c></row><row r="9"><c r="C9"><f>B4+1</f>` + empty + `</c></row>`)
		f := fault.Of(err)
		if err == nil || f.Kind != fault.KindInvalid || len(f.Fields) != 1 || f.Fields[0].Path != "line 9, column C" || !strings.Contains(f.Fields[0].Message.EN, "save it") {
			t.Errorf("%q: %v %+v", empty, err, f)
		}
	}
	many := `<row r="3">` + strings.Repeat(`<c><f>1</f></c>`, 3) + `</row>`
	for range 20 {
		many += `<row><c r="B4"><f>1</f></c></row>`
	}
	if _, err := read(strings.ReplaceAll(many, ` r="B4"`, "")); err == nil || len(fault.Of(err).Fields) > mostTold {
		t.Errorf("%v", err)
	}
}
