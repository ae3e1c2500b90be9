// Package record makes the records that a researcher reads under an agreement: one
// a person and year, told by coarse variables, protected once for each year, and
// checked before anybody reads it. Two files are views of that one: who left, and
// who was under contract or paid.
//
// Who attacks: the holder of one agreement, or the holders of several who put their
// files together, each knowing of one person everything that a key variable says,
// and which of the files hold it. They must find five records at least that could
// be that person's, sent by three economic groups at least of which none has more
// than 85 in a hundred, and two values at least of each sensitive variable among
// them: in each file, in both together, and in either less the other. All agreements
// read the same protected file of a year, less columns, rows of a view or years: put
// together they are that file and nothing more. A later vintage of it is made only
// where the difference between the two tells no more (see Crossed).
//
// It refuses to hold an enterprise, a commune, a day, a pseudonym or a word that
// somebody typed: the variables are a closed list of closed lists. It does not
// protect against who follows somebody from one year to the next with what only
// they know, nor count as one a person whom two enterprises send: neither knows it.
package record
