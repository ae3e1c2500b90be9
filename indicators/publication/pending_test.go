package publication_test

import (
	"testing"

	"maillage/indicators/catalogue"
	"maillage/indicators/publication"
)

// What is never released says why on its page, and nothing else does.
func TestWhatIsNotReleasedSaysWhy(t *testing.T) {
	t.Parallel()
	all, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range all.All() {
		if publication.Offered(i.ID) == (i.Pending != nil) {
			t.Errorf("%s: offered %t, pending %v", i.ID, publication.Offered(i.ID), i.Pending)
		}
	}
}
