// Keeps a page of the entrance alive: counts down, hears when it goes on, and goes on by itself.
// Everything here is comfort. Without this file each page works by its button.
'use strict';

(() => {
  const box = document.querySelector('[data-live]');
  if (!box) return;

  const told = box.dataset; // what the server wrote into the page, see html/parts.html
  const state = box.querySelector('[data-state]');
  const countdown = box.querySelector('[data-countdown]');
  const form = box.querySelector('form');
  const buttons = form ? [...form.querySelectorAll('button')] : [];
  const sendsOn = form ? form.dataset.submit : undefined; // "load", "go" or not by itself
  const isLive = Boolean(told.events || told.poll);
  const seconds = 1000;

  // --- words

  const rendered = state.textContent;

  function say(what) {
    const text = told['say' + what[0].toUpperCase() + what.slice(1)] || rendered;
    if (state.textContent !== text) state.textContent = text;
  }

  function sayRendered() {
    if (rendered) state.textContent = rendered;
    else if (isLive) say('presence');
  }

  // --- the form: sent once, and again only after the browser came back to this page

  let isSent = false;

  function enable(on) {
    for (const button of buttons) {
      button.disabled = !on;
      button.removeAttribute('aria-busy');
    }
  }

  const gate = (closed) => {
    if (form && 'gate' in form.dataset && !isSent) enable(!closed);
  };

  function send() {
    if (isSent) return;
    enable(true);
    say('sent');
    if (form.requestSubmit) form.requestSubmit();
    else buttons[0].click();
  }

  function onSubmit(event) {
    if (isSent) {
      event.preventDefault();
      return;
    }
    isSent = true;
    // Later: a button that is disabled now would not be part of what is sent.
    setTimeout(() => {
      for (const button of buttons) {
        button.disabled = true;
        button.setAttribute('aria-busy', 'true');
      }
    });
    setTimeout(comeBack, 30 * seconds); // whoever stopped the loading may press again
  }

  function comeBack() {
    isSent = false;
    promise = '';
    enable(true);
    sayRendered();
  }

  // --- the countdown, by the server's clock: phones are often wrong

  const ahead = Number(told.now) - Date.now();
  let until = 0;
  if (countdown) until = Number(countdown.dataset.until) || Number(told.now) + countdown.dataset.seconds * seconds;

  function unit(count, name) {
    return new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit: name, unitDisplay: 'long' }).format(count);
  }

  function span(left) {
    const [days, hours, minutes] = [Math.floor(left / 86400), Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60];
    if (days > 0) return unit(days, 'day') + ', ' + unit(hours, 'hour');
    if (hours > 0) return unit(hours, 'hour') + ', ' + unit(minutes, 'minute');
    return minutes + ':' + String(left % 60).padStart(2, '0');
  }

  function draw() {
    if (!countdown) return;
    const left = Math.ceil((until - Date.now() - ahead) / seconds);
    const text = left > 0 ? span(left) : '';
    if (countdown.textContent !== text) countdown.textContent = text;
  }

  // --- what the server says

  let promise = ''; // "go" or "changed": the step that is under way, which hearing it again must not put off
  let promised = 0; // its timer

  function hear(message) {
    box.dataset.link = 'on';
    failures = 0;
    if (isSent || message.state === promise) return;
    clearTimeout(promised);
    promise = '';
    const after = message.after_ms || 0;
    if (message.state === 'changed') keep('changed', reload, after);
    else if (message.state === 'go') go(after);
    else wait(message);
  }

  function keep(what, step, after) {
    promise = what;
    promised = setTimeout(step, after);
  }

  function go(after) {
    if (sendsOn === 'go') keep('go', send, after);
    else if (form && 'gate' in form.dataset) keep('go', open, after);
    else if (!form && told.for) keep('go', reload, after);
    else sayRendered();
  }

  function open() {
    say('go');
    gate(false);
  }

  function wait(message) {
    gate(true);
    if (!message.for || message.for === told.for) sayRendered();
    else say(message.for);
    if (message.for !== 'doors' && told.for === 'doors') until = 0;
    if (message.retry_s > 0) until = Date.now() + ahead + message.retry_s * seconds;
    draw();
  }

  function reload() {
    if (told.refresh) location.replace(told.refresh); // a plain reload might ask whether to send a form again
    else location.reload();
  }

  // --- how it is heard: server-sent events, and polling whenever those are silent

  const silence = 40 * seconds;
  const pause = 5 * seconds;
  const jitter = (ms) => ms * (0.7 + 0.6 * Math.random());
  let source = null;
  let failures = 0;
  let nextPoll = Infinity;

  const pollIn = (ms) => {
    nextPoll = told.poll ? Date.now() + jitter(ms) : Infinity;
  };

  function connect() {
    if (!isLive || source) return;
    if (!told.events || !window.EventSource) {
      pollIn(pause);
      return;
    }
    pollIn(silence);
    source = new EventSource(told.events);
    source.onmessage = (event) => {
      pollIn(silence);
      take(event.data);
    };
    source.onerror = () => {
      if (source && source.readyState === EventSource.CLOSED) disconnect(); // else the browser connects again itself
      if (nextPoll - Date.now() > 2 * pause) pollIn(1 * seconds);
      fail();
    };
  }

  function disconnect() {
    if (source) source.close();
    source = null;
  }

  function take(text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return; // not for us; the next one counts
    }
    hear(message);
  }

  async function poll() {
    nextPoll = Infinity;
    try {
      const answer = await fetch(told.poll, { cache: 'no-store', headers: { Accept: 'application/json' } });
      if (!answer.ok) throw new Error(String(answer.status));
      take(await answer.text());
      pollIn(source && source.readyState === EventSource.OPEN ? silence : pause);
    } catch {
      fail();
      pollIn(Math.min(60 * seconds, pause * 2 ** Math.min(failures, 5)));
    }
  }

  function fail() {
    failures += 1;
    if (failures < 2 || isSent) return;
    box.dataset.link = 'lost';
    say('lost');
    gate(false);
  }

  // --- start

  if (form) form.addEventListener('submit', onSubmit);
  addEventListener('pagehide', disconnect);
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    comeBack();
    gate(isLive);
    connect();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || !isLive) return;
    connect();
    pollIn(1 * seconds);
  });
  setInterval(() => {
    draw();
    if (Date.now() >= nextPoll) poll();
  }, 1 * seconds);

  const navigation = performance.getEntriesByType('navigation')[0];
  const cameBack = navigation && navigation.type === 'back_forward'; // "back" out of the room must not lead in again

  if (!rendered) sayRendered();
  draw();
  gate(isLive);
  connect();
  if (sendsOn === 'load' && !cameBack) send();
})();
