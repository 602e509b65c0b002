package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"testing"
)

// scannerLine is one scanner's connection, kept open as apps do. It does as little as a client can, since it shares the
// processors with what is measured. It is for one goroutine at a time.
type scannerLine struct {
	conn  net.Conn
	in    *bufio.Reader
	head  string // of every request, from its second line on
	out   bytes.Buffer
	heard bytes.Buffer // the last answer
}

func dialScanner(tb testing.TB, address, token string) *scannerLine {
	tb.Helper()
	l, err := openLine(address, token)
	must(tb, err)
	closeAfter(tb, l.conn)
	return l
}

func openLine(address, token string) (*scannerLine, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	head := " HTTP/1.1\r\nHost: " + address + "\r\nAuthorization: Device " + token +
		"\r\nContent-Type: application/json; charset=utf-8\r\nUser-Agent: okhttp/4.12.0\r\nAccept-Encoding: identity\r\nContent-Length: "
	return &scannerLine{conn: conn, in: bufio.NewReaderSize(conn, 16<<10), head: head}, nil
}

// ask sends a request and returns the body of the answer, which is good until the next one.
func (l *scannerLine) ask(method, path, body string) ([]byte, error) {
	l.out.Reset()
	for _, part := range []string{method, " ", path, l.head, strconv.Itoa(len(body)), "\r\n\r\n", body} {
		l.out.WriteString(part)
	}
	if _, err := l.conn.Write(l.out.Bytes()); err != nil {
		return nil, err
	}
	answer, err := http.ReadResponse(l.in, nil)
	if err != nil {
		return nil, err
	}
	l.heard.Reset()
	if _, err := io.Copy(&l.heard, answer.Body); err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %s: %d %s", method, path, answer.StatusCode, l.heard.String())
	}
	return l.heard.Bytes(), nil
}

// checkPath is where a ticket is shown, in the form that several events share.
const checkPath = "/proxyapi/v1/rpc/check/"

// checkBody shows a ticket at a list, as pretixSCAN Android does.
func checkBody(event string, list int64, secret string) string {
	return `{"events_and_checkin_lists":{"` + event + `":` + strconv.FormatInt(list, 10) + `},"ticketid":"` + secret +
		`","answers":[],"ignore_unpaid":false,"with_badge_data":false,"type":"ENTRY","source_type":"barcode","allowQuestions":true,"useOrderLocale":false}`
}
