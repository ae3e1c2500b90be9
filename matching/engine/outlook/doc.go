// Package outlook sets, occupation by occupation, what a territory asks against
// what its people hold and what can be learnt there: the skills outlook (GPECT).
//
// It is pure: it reads no database and no clock; the instant is an argument.
//
// What is asked is public and is counted on the very territory asked. People are
// not: they are counted once in areas that nobody chooses (groupings of
// communes), each small count is withheld and each other one is rounded, and all
// that is said of any territory afterwards is worked out from these protected
// counts alone. So no sum, margin, filter or pair of overlapping territories
// tells more than they do; see [Table] for what an attacker still learns.
package outlook
