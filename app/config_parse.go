package main

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A parser turns the text of an option into its value. Its error says what is wrong without repeating the text: whoever
// tells the error knows whether the text is a secret.

func text(s string) (string, error) { return strings.TrimSpace(s), nil }

func name(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", errors.New("is empty")
	}
	return s, nil
}

// names splits at commas; blanks around and empty parts do not count.
func names(s string) ([]string, error) {
	var list []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list, nil
}

func someNames(s string) ([]string, error) {
	list, err := names(s)
	if err == nil && len(list) == 0 {
		err = errors.New("is empty")
	}
	return list, err
}

// slug is pretix' short form of an organizer or event.
func slug(s string) (string, error) {
	s = strings.TrimSpace(s)
	for _, r := range s {
		if !strings.ContainsRune(slugRunes, r) {
			return "", fmt.Errorf("is not a short form (slug): %q is none of letters, digits, dot, dash and underscore", r)
		}
	}
	return s, nil
}

// slugRunes are what pretix allows in the slug of an organizer or event.
const slugRunes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_"

func slugs(s string) ([]string, error) {
	list, _ := names(s)
	for _, one := range list {
		if _, err := slug(one); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func ids(s string) ([]int64, error) {
	list, _ := names(s)
	var found []int64
	for _, one := range list {
		id, err := strconv.ParseInt(one, 10, 64)
		if err != nil || id <= 0 {
			return nil, errors.New("is not a list of ids: only numbers, separated by commas")
		}
		found = append(found, id)
	}
	return found, nil
}

func count(least, most int) func(string) (int, error) {
	return func(s string) (int, error) {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil {
			return 0, errors.New("is not a whole number")
		}
		if n < least || n > most {
			return 0, fmt.Errorf("is not between %d and %d", least, most)
		}
		return n, nil
	}
}

func onOff(s string) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "on", "true", "yes", "1":
		return true, nil
	case "off", "false", "no", "0":
		return false, nil
	}
	return false, errors.New("is neither on nor off")
}

func oneOf(choices ...string) func(string) (string, error) {
	return func(s string) (string, error) {
		s = strings.ToLower(strings.TrimSpace(s))
		if !slices.Contains(choices, s) {
			return "", fmt.Errorf("is none of %s", strings.Join(choices, ", "))
		}
		return s, nil
	}
}

// duration accepts what Go writes, 90s or 1h30m, and whole days, 30d.
func duration(least, most time.Duration) func(string) (time.Duration, error) {
	return func(s string) (time.Duration, error) {
		d, err := parseDuration(strings.TrimSpace(s))
		if err != nil {
			return 0, err
		}
		if d < least || d > most {
			return 0, fmt.Errorf("is not between %s and %s", least, most)
		}
		return d, nil
	}
}

func parseDuration(s string) (time.Duration, error) {
	if days, found := strings.CutSuffix(s, "d"); found {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n <= 36600 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil && s != "0" {
		return 0, errors.New("has no unit: s for seconds, m for minutes, h for hours or d for days belongs behind it")
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, errors.New("is not a duration: a number and a unit (s, m, h or d), as in 90s or 1h30m")
	}
	return d, nil
}

func timezone(s string) (*time.Location, error) {
	s = strings.TrimSpace(s)
	if s == "" || s == "Local" {
		return nil, errors.New("names no time zone: a name as in Europe/Berlin, or UTC")
	}
	zone, err := time.LoadLocation(s)
	if err != nil {
		return nil, errors.New("is not a time zone: a name as in Europe/Berlin, or UTC")
	}
	return zone, nil
}

func logLevel(s string) (slog.Level, error) {
	var level slog.Level
	if _, err := oneOf("debug", "info", "warn", "error")(s); err != nil {
		return 0, err
	}
	err := level.UnmarshalText([]byte(strings.TrimSpace(s)))
	return level, err
}

func secretText(s string) (Secret, error) {
	s = strings.TrimSpace(s)
	for _, r := range s {
		if r < ' ' || r == 0x7f {
			return "", errors.New("holds a line break or another control character")
		}
	}
	return Secret(s), nil
}

// leastSecret is the fewest bytes a signing secret may have: HS256 keys that are shorter can be guessed offline from one link.
const leastSecret = 16

func signingSecrets(s string) ([]Secret, error) {
	var secrets []Secret
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
		one, err := secretText(part)
		if err != nil {
			return nil, err
		}
		if one == "" {
			continue
		}
		if len(one) < leastSecret {
			return nil, fmt.Errorf("secret number %d has %d bytes, at least %d are needed", len(secrets)+1, len(one), leastSecret)
		}
		secrets = append(secrets, one)
	}
	return secrets, nil
}
