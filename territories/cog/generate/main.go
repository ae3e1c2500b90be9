// Command generate re-expresses the official tables of communes, groupings
// and movements as the compact facts that package cog embeds. It reads a
// folder laid out as the project's sample data (territories/ and
// tenders/codelists/) and writes the same bytes for the same input:
//
//	go run ./territories/cog/generate -in ../shared/data -out territories/cog/facts
//
// It takes no contour: only codes, names, dates, populations, surfaces and
// one representative point a commune.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	in := flag.String("in", os.Getenv("MAILLAGE_SAMPLES"), "folder of the sample data (holds territories/ and tenders/codelists/)")
	out := flag.String("out", "territories/cog/facts", "folder that receives the tables")
	vintage := flag.String("vintage", "2026-01-01", "date of the list of communes")
	membership := flag.String("membership", "2025-01-01", "date of the EPCI and EPT memberships")
	flag.Parse()
	if err := Generate(*in, *out, *vintage, *membership); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}
