// Package trial reads and makes the files on which the market of people and
// positions is measured: one person or one position a line, tab-separated, as
// PostgreSQL copies them out.
//
//	people     id, INSEE code, SRID=4326;POINT(lon lat), km, {3,17}, t or f
//	positions  id, SRID=4326;POINT(lon lat), {3,17}
//
// Occupations are integers that mean nothing here. It refuses what it cannot
// read, line by line, rather than guess: a null, a point that is not on Earth, a
// number that is not finite. The INSEE code alone may be anything: the point is
// what counts.
package trial
