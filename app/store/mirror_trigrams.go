package store

import (
	"math"
	"unicode"
)

// pieceBits is how long the number of a piece of three characters is. Pieces may share one.
const pieceBits = 16

func pieceNumber(a, b, c rune) uint32 {
	n := (uint32(a)*0x9E3779B1+uint32(b))*0x85EBCA6B + uint32(c)
	return n * 0xC2B2AE35 >> (32 - pieceBits)
}

// eachPiece calls f with the number of each piece, until f says false.
func eachPiece(text string, f func(n uint32) bool) {
	var last [3]rune
	count := 0
	for _, r := range text {
		last = [3]rune{last[1], last[2], r}
		if count++; count >= 3 && !f(pieceNumber(last[0], last[1], last[2])) {
			return
		}
	}
}

// pieceSet may say that it holds what it does not.
type pieceSet [1 << pieceBits / 64]uint64

func (s *pieceSet) add(text string) {
	eachPiece(text, func(n uint32) bool { s[n/64] |= 1 << (n % 64); return true })
}

func (s *pieceSet) mayHold(text string) bool {
	yes := true
	eachPiece(text, func(n uint32) bool { yes = s[n/64]&(1<<(n%64)) != 0; return yes })
	return yes
}

// pieceCounts are how often each piece was added.
type pieceCounts [1 << pieceBits]uint32

func (c *pieceCounts) add(text string) {
	eachPiece(text, func(n uint32) bool { c[n]++; return true })
}

// rarest returns the part of a text around its rarest piece, without pieces that are common: an index has far more to read
// for these than they leave out. atMost is how many texts may hold all of its pieces. PostgreSQL's index knows words
// alone, so a piece with a sign in it tells it little.
func (c *pieceCounts) rarest(text string, common int) (part string, atMost int) {
	characters := []rune(text)
	part, atMost = text, math.MaxInt
	start, least, best := 0, math.MaxInt, math.MaxInt // of the run of pieces that this one is in; of all runs
	for i := range max(len(characters)-2, 0) {
		a, b, z := characters[i], characters[i+1], characters[i+2]
		count := int(c[pieceNumber(a, b, z)])
		atMost = min(atMost, count)
		if count > common || !inWords(a) || !inWords(b) || !inWords(z) {
			start, least = i+1, math.MaxInt
			continue
		}
		if least = min(least, count); least <= best {
			best, part = least, string(characters[start:i+3])
		}
	}
	return part, atMost
}

func inWords(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == ' ' }
