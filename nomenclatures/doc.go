// Package nomenclatures knows the codes by which work is named: the common
// procurement vocabulary (CPV), the occupations of France Travail (ROME), the
// activities of INSEE (NAF rev. 2), the descriptors of the BOAMP and the
// sectors of the insertion enterprises. It says what a code means, finds a
// code from everyday words, tells how close two codes of any two schemes are,
// and reads the sectors that a text speaks of.
//
// What joins the schemes is one table, crosswalk.txt, written for this
// project: each sector with the CPV prefixes, NAF, ROME, descriptors and words
// that mean it. Two codes of different schemes are close when the table leads
// both to the same sector; nothing is guessed outside it.
//
// It refuses to decide: it gives a kinship and a value, and the caller sets
// what is enough. It reads no database and no file at run time; the tables are
// embedded and decoded once, on first use. A code it has never seen is still a
// code: CPV, NAF and ROME have a structure that can be compared without the
// label, and notices do carry codes that no table lists.
//
// # Kinship
//
// Closeness(offered, asked) answers one of the words below. The value is the
// same in both directions; the word turns over (parent and child).
//
//	same     the same code                                            1
//	child    what is offered is narrower than what is asked           0.45 to 0.95
//	parent   what is offered is broader than what is asked            0.45 to 0.95
//	sibling  same branch, neither above the other                     0.30 to 0.75
//	sector   the crosswalk leads both to one sector                   0.30 to 0.90
//	group    only the group of sectors, or of ROME (its letter)       0.15 to 0.25
//	none     nothing in common that the tables know                   0
//
// From 0.45 up the trade can be taken for the one asked; from 0.25 it is a
// neighbour, worth showing as a near miss: another trade of the group or of the
// professional domain, another branch of the CPV. The figures are in
// closeness.go, each with its reason. Where two rules apply the highest value
// wins, and on equal values the word highest in this list.
//
// # Sources
//
// See NOTICE for where each embedded table comes from and under which licence,
// and generate for the program that makes them.
package nomenclatures
