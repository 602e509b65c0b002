package pretixsim

// idOrNull is null for "none".
func idOrNull(id int) any {
	if id == 0 {
		return nil
	}
	return id
}

func textOrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func i18nOrNull(t Text) any {
	if t == nil {
		return nil
	}
	return t
}

// ids is never null.
func ids(of []int) []int {
	if of == nil {
		return []int{}
	}
	return of
}

func (t Text) in(locale string) string {
	if text, ok := t[locale]; ok {
		return text
	}
	return t["de"]
}
