// Package consortium finds the fewest enterprises that together answer a lot
// which none of them answers alone: who does which trade, where, and how much of
// it, what stays uncovered, and how far the answer is from the best there is.
//
// The capacities of a group are looked at as a whole, and nobody in it needs
// them all (Code de la commande publique, R2142-25); but the staff of a member
// count only for the trades that it does (CAA Lyon, Soprema, on the same rule in
// the code of 2004). So coverage is a flow: people who live in the place and
// need a trade are on one side, activities with their zone and their capacity
// are on the other. A reservation, on the contrary, is asked of each member: see
// [Read].
//
// It is pure and exact: branch and bound under a number of steps rather than of
// seconds, so that the same question gives the same answer on every machine.
// Where the steps run out it says by how much the answer may be improved.
//
// It refuses to promise what nobody said: an activity whose trade or zone is
// unknown covers nothing. A capacity, a certification or references that nobody
// told are taken as enough and marked as to be checked, as elsewhere in the
// engine.
package consortium
