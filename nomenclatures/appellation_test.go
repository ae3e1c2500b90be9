package nomenclatures

import "testing"

func TestAnOccupationIsReadAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		rome   ROME
		number string
	}{
		"k2204": {"K2204", ""}, " K 2204 ": {"K2204", ""}, "11987": {"A1101", "11987"},
		"aménagement et entretien des espaces VERTS":   {"A1203", ""},
		"Chauffeur / Chauffeuse de machines agricoles": {"A1101", "11987"}, "chauffeuse de machines agricoles": {"A1101", "11987"},
		"chauffeur de machines agricoles": {"A1101", "11987"},
	} {
		rome, number, err := ParseOccupation(text)
		if err != nil || rome != want.rome || number != want.number {
			t.Errorf("%q: %s %s, %v", text, rome, number, err)
		}
	}
	for _, text := range []string{"", "A9999", "999999999", "Zorglub", "K22"} {
		if rome, number, err := ParseOccupation(text); err == nil || rome != "" || number != "" {
			t.Errorf("%q: %s %s", text, rome, number)
		}
	}
}

// Every job title is found by its number and by its own name, and its
// occupation is the one under which it is filed.
func TestEveryAppellationIsFound(t *testing.T) {
	t.Parallel()
	for _, a := range tables().appellations {
		rome, name, ok := LookupAppellation(a.number)
		if !ok || rome != a.rome || name != a.name {
			t.Fatalf("%s: %s %q", a.number, rome, name)
		}
		if _, _, err := ParseOccupation(a.name); err != nil {
			t.Fatalf("%q is not found", a.name)
		}
	}
}
