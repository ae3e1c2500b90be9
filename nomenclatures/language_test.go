package nomenclatures

import "testing"

func TestKnownLanguage(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{"fr": true, "uk": true, "ti": true, "sh": true, "xx": false, "zz": false, "qq": false, "tz": false, "FR": false, "fra": false, "": false} {
		if KnownLanguage(code) != want {
			t.Errorf("%q is known: %v", code, !want)
		}
	}
}
