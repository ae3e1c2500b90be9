// Command points prints the embedded communes as the table that mesh.mjs reads:
// a row a commune in the order of the ordinals, without names.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"maillage/territories/cog"
)

func main() {
	if err := write(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "points:", err)
		os.Exit(1)
	}
}

func write(to io.Writer) error {
	facts, err := cog.Read(cog.Embedded())
	if err != nil {
		return fmt.Errorf("read the facts: %w", err)
	}
	zones := make(map[string]string, len(facts.Departements))
	for _, d := range facts.Departements {
		zones[d.Code] = d.Zone
	}
	out := bufio.NewWriter(to)
	fmt.Fprintln(out, "code,departement,zone,lon,lat,km2")
	for _, c := range facts.Communes {
		place := ","
		if c.HasPoint {
			place = fmt.Sprintf("%.5f,%.5f", c.Lon, c.Lat)
		}
		fmt.Fprintf(out, "%s,%s,%s,%s,%.2f\n", c.Code, c.Departement, zones[c.Departement], place, c.Km2)
	}
	return out.Flush()
}
