package mesh

import "testing"

func TestDecodeEmbedded(t *testing.T) {
	c, stamp, err := decode(packed)
	t.Log(c.Faces(), len(c.Arcs()), stamp, err)
}
func BenchmarkDecode(b *testing.B) {
	for b.Loop() {
		decode(packed)
	}
}
