// Package catalogue says what the observatory measures: 43 indicators, each with
// its dated versions of the definition, in French and in English, where it comes
// from, how it may be broken down, when it may be published and what it is near
// to in other repertories (IRIS+, SDG, ESF+).
//
// It is data: the texts are embedded from data/, one file a register, and read
// once. Definitions that differ between bodies are versions of one indicator,
// chosen when a release is made; the bounds that set them apart are typed (Rule),
// because the microdata keep days and hours and the rule is applied last.
//
// It refuses to compute: a Computation names what to count, the observatory
// counts. It refuses to rank: no direction makes an order of enterprises.
package catalogue
