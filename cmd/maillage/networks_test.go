package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// An association is noted once, and officers can be of it; a commune that is none is refused.
func TestNetworksAdd(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "x.db")
	do := func(args ...string) (int, string) {
		var out bytes.Buffer
		code := run(context.Background(), append(args, "--database", database), strings.NewReader(""), &out, &out)
		return code, out.String()
	}
	add := func(commune string) (int, string) {
		return do("networks", "add", "Réseau de la Drôme", "--siret", "99900005200004", "--commune", commune)
	}
	if code, said := add("26999"); code != int(exitFailed) || !strings.Contains(said, "commune") {
		t.Errorf("exit %d: %s", code, said)
	}
	for _, want := range []string{"Notée", "Connue déjà"} {
		if code, said := add("26362"); code != 0 || !strings.HasPrefix(said, want) {
			t.Errorf("exit %d: %s", code, said)
		}
	}
	if code, said := do("user", "add", "ines@exemple.fr", "--role", "officer", "--siret", "99900005200004", "--perimeter", "Drôme"); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
}
