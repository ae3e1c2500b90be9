package territories

import (
	"testing"
	"time"

	"maillage/territories/cog"
)

func TestLoadUnder100ms(t *testing.T) {
	start := time.Now()
	a, err := Read(cog.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("read %d communes in %v", a.Len(), time.Since(start))
	if a.Population(a.All()) != 68_952_941 {
		t.Errorf("population %d", a.Population(a.All()))
	}
	s, err := a.Of(Ref{KindDepartement, "26"})
	if err != nil || s.Len() != 362 {
		t.Errorf("Drôme: %d communes, %v", s.Len(), err)
	}
	p, err := a.Compile(RadiusOf("26281", 20))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d communes", p.Text, p.Set.Len())
}
