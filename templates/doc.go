// Package templates owns what people see: HTML, CSS, JavaScript and the words in German and English, all embedded.
//
// Each page is one struct in pages.go that says what the page needs; Set renders it. A page holds no rule: whoever
// fills the struct has decided already. Words are chosen here, by the text of a refusal's reason or a wait's purpose;
// callers pass facts (times, seconds, names) and never sentences.
//
// Start reading at pages.go, then html/wait.html and assets/live.js, which keeps a waiting page alive: server-sent
// events, polling when they fail, and nothing at all without JavaScript, because every page works by its button.
// How a page looks in every state is shown by gallery_test.go.
package templates
