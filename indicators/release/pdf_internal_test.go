package release

import (
	"strings"
	"testing"
	"time"

	"maillage/internal/fault"
)

// A long title stays left of the number of the page, and the version is still read.
func TestTheFooterFits(t *testing.T) {
	t.Parallel()
	p := newPaper(Dataset{Title: fault.Text{FR: strings.Repeat("Taux de sortie vers l’emploi durable ; ", 8)}, Version: "2.1.0", IssuedOn: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	p.pen("go", "", 8, beside)
	for title, want := range map[string]string{"Sorties": "Sorties, 2.1.0", strings.Repeat("mot ", 90): "mot…, 2.1.0", strings.Repeat("m", 300): "2.1.0"} {
		s := p.fitted(title, ", 2.1.0", pdfFooter-3)
		if p.GetStringWidth(s) > pdfFooter-3 || !strings.HasSuffix(s, want) {
			t.Errorf("%.1f mm: %q", p.GetStringWidth(s), s)
		}
	}
}

// The footer that is drawn is the one that fits: nothing on a page is wider than the title's part.
func TestTheLongTitleIsNotDrawnWhole(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Taux ", 60)
	p := newPaper(Dataset{Title: fault.Text{FR: long}, Version: "2.1.0", IssuedOn: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	var b strings.Builder
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	written := 0
	for _, part := range strings.Split(b.String(), "BT ")[1:] {
		text, _, _ := strings.Cut(part, " ET")
		written = max(written, len(text))
	}
	if written == 0 || written > 2*len(long) { // two bytes a letter and the operators
		t.Errorf("a line of %d bytes is drawn", written)
	}
}
