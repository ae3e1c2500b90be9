package tenders

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"maillage/internal/fault"
	"maillage/internal/testkit"
)

func TestRefusalInFrench(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ code, where, reason, want string }{
		{RefusedMissing, "record 12, byte 3456", "the notice lacks an identifier, a title", "enregistrement 12, octet 3456 : il manque à l’avis : un identifiant, un intitulé"},
		{RefusedKind, "", `the form "F99" of TED is not known`, "le formulaire \"F99\" du TED n’est pas connu"},
		{RefusedTooLarge, "", "larger than the bound for one record (64 bytes)", "plus grand que la limite d’un enregistrement (64 octets)"},
		{RefusedSyntax, "", "invalid character 'x'", "le texte est mal formé (détail : invalid character 'x')"},
	} {
		r := &Refusal{Code: c.code, Where: c.where, Reason: c.reason}
		if got := r.Text(); got.FR != c.want || got.EN != r.Error() {
			t.Errorf("%q, %q", got.FR, got.EN)
		}
	}
}

// TestEveryRefusalIsSaidInFrench: what the readers refuse of testdata and of
// damaged records has its French, and none of it says it in English.
func TestEveryRefusalIsSaidInFrench(t *testing.T) {
	t.Parallel()
	english := regexp.MustCompile(`\b(the|of|is|not|and|lacks|record|byte|line)\b`)
	p := testParser(t)
	check := func(err error) {
		var r *Refusal
		if !errors.As(err, &r) {
			t.Errorf("no refusal: %v", err)
			return
		}
		said, _, _ := strings.Cut(r.Text().FR, " (détail : ")
		if english.MatchString(said) || said == "" {
			t.Errorf("%q: %q", r.Error(), said)
		}
	}
	for rec := range p.Walk(context.Background(), "testdata") {
		if rec.Err != nil {
			check(rec.Err)
		}
	}
	for _, raw := range []string{"", "plain", "<a>", "<a/>", "<TED_EXPORT/>", "<a/><b/>", "{}", `{"idweb":"26-1"}`, `[{"idweb":"1"}`, `{"a":`, "[1]"} {
		_, err := p.Parse([]byte(raw))
		check(err)
	}
}

func TestMissingPathSaysWhatToDo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	_, err := h.Import(context.Background(), []string{"testdata/absent"}, ImportOptions{})
	f := fault.Of(err)
	if f.Kind != fault.KindNotFound || !strings.Contains(f.Message.FR, "absent n’existe pas : vérifiez") || !strings.Contains(f.Message.EN, "does not exist: check") {
		t.Errorf("%+v", f)
	}
}

// TestAnAddressIsNoPath: what is meant as an address is told as one.
func TestAnAddressIsNoPath(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	for path, want := range map[string]string{
		"ftp://example.org/a.xml": "Les adresses ftp:// ne sont pas lues", "FILE:///tmp/absent.xml": "donnez son chemin, sans « file:// »",
		"https://example.org/a.xml": "est une adresse du web : importez-la seule", "absent/a.xml": "n’existe pas",
	} {
		_, err := h.Import(context.Background(), []string{"testdata", path}, ImportOptions{})
		if f := fault.Of(err); !strings.Contains(f.Message.FR, want) || f.Message.EN == "" {
			t.Errorf("%s: %+v", path, f)
		}
	}
	for path, want := range map[string]bool{"HTTP://example.org": true, "https://a": true, "ftp://a": false, "a/http://b": false, "http": false} {
		if IsWeb(path) != want {
			t.Errorf("%s is of the web: %v", path, !want)
		}
	}
}
