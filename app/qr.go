package main

import (
	"strings"

	"rsc.io/qr"
)

// Two squares of a code stand above each other in one character: terminals draw characters twice as high as wide. What is
// drawn is the light part, white on black, so that the code is the right way round in dark and in light terminals.
const (
	whiteOnBlack = "\x1b[97;40m"
	plainAgain   = "\x1b[0m"

	quietZone = 4 // light squares around the code, without which it is not found
)

// terminalQR draws a text as a QR code.
func terminalQR(text string) (string, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", err
	}
	light := func(x, y int) bool { return !code.Black(x-quietZone, y-quietZone) } // outside of the code all is light
	size := code.Size + 2*quietZone
	var b strings.Builder
	for y := 0; y < size; y += 2 {
		b.WriteString(whiteOnBlack)
		for x := range size {
			b.WriteString(halves(light(x, y), y+1 < size && light(x, y+1)))
		}
		b.WriteString(plainAgain + "\n")
	}
	return b.String(), nil
}

func halves(upper, lower bool) string {
	switch {
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}
