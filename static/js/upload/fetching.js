// How the tus client sends where there is no XMLHttpRequest: in a service worker.
class Answer {
  constructor(response, body) {
    this.response = response;
    this.body = body;
  }

  getStatus() {
    return this.response.status;
  }

  getHeader(name) {
    return this.response.headers.get(name);
  }

  getBody() {
    return this.body;
  }

  getUnderlyingObject() {
    return this.response;
  }
}

class Question {
  constructor(method, url) {
    this.method = method;
    this.url = url;
    this.headers = {};
    this.stopper = new AbortController();
  }

  getMethod() {
    return this.method;
  }

  getURL() {
    return this.url;
  }

  setHeader(name, value) {
    this.headers[name] = value;
  }

  getHeader(name) {
    return this.headers[name];
  }

  setProgressHandler() {}

  async send(body = null) {
    const { method, headers } = this;
    const response = await fetch(this.url, { method, headers, body, signal: this.stopper.signal });
    return new Answer(response, await response.text());
  }

  async abort() {
    this.stopper.abort();
  }

  getUnderlyingObject() {
    return this;
  }
}

export const fetching = {
  createRequest: (method, url) => new Question(method, url),
  getName: () => "fetching",
};
