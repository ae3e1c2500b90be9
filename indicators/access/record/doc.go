// Package record makes the records that a researcher reads under an agreement: one
// a worker and year, or one an exit, told by coarse variables, protected once for
// each file and year, and checked before anybody reads it.
//
// Who attacks: the holder of one agreement, or the holders of several who put their
// files together, each knowing of one person everything that a key variable says,
// and knowing that the person is in the file. They must find five records at least
// that could be that person's, and two values at least of each sensitive variable
// among them. All agreements read the same protected file of a year, less columns
// or years: put together they are that file and nothing more. A later vintage of it
// is made only where the difference between the two tells no more (see Crossed).
//
// It refuses to hold an enterprise, a commune, a day, a pseudonym or a word that
// somebody typed: the variables are a closed list of closed lists. It does not
// protect against who follows somebody from one year to the next with what only
// they know, nor count as one a person whom two enterprises send: neither knows it.
package record
