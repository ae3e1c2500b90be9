package cog

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestTablesRefuseOtherShapes(t *testing.T) {
	t.Parallel()
	for what, text := range map[string]string{
		"no header":              "",
		"another header":         "name\tcode\ttype\n1\tA\tCC\n",
		"a missing field":        groupsHead + "\n1\tA\n",
		"a field more":           groupsHead + "\n1\tA\tCC\tx\n",
		"one here for one there": groupsHead + "\n1\tA\n2\tB\tCC\tx\n",
		"no last line":           groupsHead + "\n1\tA\tCC",
	} {
		fsys := fstest.MapFS{"epci.tsv": {Data: []byte(text)}, "ept.tsv": {Data: []byte(groupsHead + "\n")}}
		if err := readGroups(fsys, &Facts{}); err == nil {
			t.Errorf("%s is accepted", what)
		}
	}
}

func TestNumbersAreLocated(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{"arrondissements.tsv": {Data: []byte(arrondissementsHead + "\n75101\tParis 1er\t75056\tmany\t75001\t1\t2\n")}}
	err := readArrondissements(fsys, &Facts{})
	if err == nil || !strings.Contains(err.Error(), "75101") {
		t.Errorf("a population that is no number: %v", err)
	}
}

func TestMovementsAreInOrder(t *testing.T) {
	t.Parallel()
	rows, err := ReadMovements(Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 13_734 {
		t.Errorf("%d movements", len(rows))
	}
	for i := 1; i < len(rows); i++ {
		if rows[i].Date < rows[i-1].Date {
			t.Fatalf("row %d of %s comes after %s", i, rows[i].Date, rows[i-1].Date)
		}
	}
}
