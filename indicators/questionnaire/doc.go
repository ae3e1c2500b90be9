// Package questionnaire says what an enterprise is asked once a year: the
// questions, built from the catalogue and from the measures that enterprises
// answer themselves, how an answer is read, and the checks that show at once
// what does not hold together.
//
// The questions and the checks are data (data/questions.json), read once. The
// package is pure: the same answers give the same findings wherever they come
// from, a page, a file or the API, so that no rule is written twice.
//
// It refuses to correct an answer and to guess one: what cannot be read is
// located, what is surprising is asked again, and what was not collected (ND) is
// neither zero nor nothing.
package questionnaire
