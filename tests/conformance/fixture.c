/* A small stream transport over unix sockets, in C, that keeps the contract; or breaks it in the one way that
 * a FAULT_ macro names. Options `me` and `trust`, 16 bytes each, make both ends say who they are first: a toy
 * of a handshake that protects nothing, enough to be refused by. */
#include "fixture.h"

void notify_end(struct conn* c, fairlead_status why, const char* detail) {
  const fairlead_text text = {detail, strlen(detail)};
  if (c->ended) return;
  c->ended = 1;
  c->instance->host->rewatch(c->watch, 0);
  if (c->fd >= 0) shutdown(c->fd, SHUT_RDWR);
  if (c->in_flight) {
    c->in_flight = 0;
    c->instance->host->tx_done(c->kernel, c->cookie, why);
  }
  c->instance->host->closed(c->kernel, why, text);
#ifdef FAULT_LATE_READY
  if (c->starved) c->instance->host->tx_ready(c->kernel);
#endif
}

static void update(struct conn* c) {
  uint32_t events = 0;
  if (c->ended || c->watch == NULL) return;
  if (c->state == CONNECTING || c->blocked) events |= FAIRLEAD_WRITABLE;
  if (c->state == GREETING || c->closing || c->reading) events |= FAIRLEAD_READABLE;
  if (c->peer_ended) events &= ~(uint32_t)FAIRLEAD_READABLE;
  c->instance->host->rewatch(c->watch, events);
}

static void finish_send(struct conn* c) {
  const fairlead_host* host = c->instance->host;
  c->in_flight = 0;
  host->tx_done(c->kernel, c->cookie, FAIRLEAD_OK);
#ifdef FAULT_DONE_TWICE
  host->tx_done(c->kernel, c->cookie, FAIRLEAD_OK);
#endif
#ifndef FAULT_NEVER_READY
  if (c->starved && !c->closing) {
    c->starved = 0;
    host->tx_ready(c->kernel);
  }
#endif
}

/* The head of what is still to send; NULL when nothing is left. */
static const fairlead_bytes* head(struct conn* c) {
  while (c->next < c->count && c->offset == c->slices[c->next].size) {
    ++c->next;
    c->offset = 0;
  }
#ifdef FAULT_FEW_SLICES
  if (c->next >= 64) return NULL;
#endif
  return c->next < c->count ? &c->slices[c->next] : NULL;
}

static ssize_t put(struct conn* c, const uint8_t* bytes, size_t size) {
#ifdef FAULT_SIGPIPE
  return write(c->fd, bytes, size);
#else
  return send(c->fd, bytes, size, MSG_NOSIGNAL);
#endif
}

static void end_write_side(struct conn* c) {
  shutdown(c->fd, SHUT_WR);
  c->wrote_end = 1;
  if (c->peer_ended) notify_end(c, FAIRLEAD_E_CLOSED, "closed locally");
}

static void push(struct conn* c) {
  const fairlead_bytes* slice = NULL;
  c->blocked = 0;
  while ((slice = head(c)) != NULL) {
    const ssize_t sent = put(c, slice->data + c->offset, slice->size - c->offset);
    if (sent >= 0) {
      c->offset += (size_t)sent;
    } else if (errno == EAGAIN) {
      c->blocked = 1;
#ifdef FAULT_DONE_EARLY
      if (c->in_flight) finish_send(c);
#endif
      return;
    } else {
      notify_end(c, FAIRLEAD_E_RESET, "write failed");
      return;
    }
  }
  if (c->in_flight) {
    finish_send(c);
  } else if (c->starved) {
    c->starved = 0;
    c->instance->host->tx_ready(c->kernel);
  }
  if (c->closing && !c->wrote_end && !c->ended) end_write_side(c);
}

static void open_now(struct conn* c) {
  c->state = OPEN;
  c->instance->host->opened(c->kernel);
#ifdef FAULT_OPENS_TWICE
  c->instance->host->opened(c->kernel);
#endif
}

/* Both ends say a nonce; the dialler answers with its name under the listener's nonce, then the listener
 * likewise. */
static void say(struct conn* c, const uint8_t* bytes) {
  if (send(c->fd, bytes, NAME, MSG_NOSIGNAL) != NAME)
    notify_end(c, FAIRLEAD_E_RESET, "the greeting was not taken");
}

static void say_name(struct conn* c) {
  uint8_t proof[NAME];
  for (int i = 0; i < NAME; ++i) proof[i] = (uint8_t)(c->instance->me[i] ^ c->heard[i]);
  say(c, proof);
}

static int is_trusted(const struct conn* c) {
#ifdef FAULT_TRUSTS_ALL
  (void)c;
  return 1;
#else
  for (int i = 0; i < NAME; ++i)
    if ((c->heard[NAME + i] ^ c->nonce[i]) != (uint8_t)c->instance->trust[i]) return 0;
  return 1;
#endif
}

static void meet_early_end(struct conn* c) {
#ifdef FAULT_DIES_OF_HALF_A_GREETING
  if (!c->dialled && c->heard_size % NAME != 0) abort();
#endif
  if (c->dialled)
    notify_end(c, FAIRLEAD_E_PEER_AUTH, "the listener does not trust us");
  else
    notify_end(c, c->heard_size > 0 ? FAIRLEAD_E_PROTOCOL : FAIRLEAD_E_CLOSED,
               "the peer ended while greeting");
}

static void hear(struct conn* c) {
  const size_t former = c->heard_size;
  const ssize_t got = recv(c->fd, c->heard + former, HELLO - former, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    meet_early_end(c);
    return;
  }
  c->heard_size += (size_t)got;
  if (c->dialled && former < NAME && c->heard_size >= NAME) say_name(c);
  if (c->heard_size < HELLO || c->ended) return;
  if (!is_trusted(c)) {
    notify_end(c, FAIRLEAD_E_PEER_AUTH, "the peer is not the trusted one");
    return;
  }
  if (!c->dialled) say_name(c);
  memcpy(c->binding, c->dialled ? c->nonce : c->heard, NAME);
  if (!c->ended) open_now(c);
}

static void connected(struct conn* c) {
  if (c->instance->me[0] == 0) {
    open_now(c);
    return;
  }
  c->state = GREETING;
  say(c, c->nonce);
}

static int peer_is_foreign(const struct conn* c) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  return getsockopt(c->fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid != getpid();
}

void meet_end(struct conn* c) {
  c->peer_ended = 1;
#ifdef FAULT_MISSES_LOSS
  if (peer_is_foreign(c)) return;
#endif
  (void)peer_is_foreign;
  notify_end(c, FAIRLEAD_E_CLOSED, "closed by the peer");
}

static void discard(struct conn* c) {
  uint8_t nowhere[4096];
  const ssize_t got = recv(c->fd, nowhere, sizeof nowhere, 0);
  if (got > 0 || (got < 0 && errno == EAGAIN)) return;
  c->peer_ended = 1;
  if (c->wrote_end) notify_end(c, FAIRLEAD_E_CLOSED, "closed locally");
}

#ifdef MESSAGES
static void receive(struct conn* c) { receive_messages(c); }
#else
static void receive(struct conn* c) {
  const fairlead_host* host = c->instance->host;
  uint8_t* space = NULL;
  size_t size = 0;
  fairlead_status status = host->rx_reserve(c->kernel, WANT, &space, &size);
  ssize_t got = 0;
  if (status != FAIRLEAD_OK) {
    c->reading = 0;
    return;
  }
#ifdef FAULT_WIDE_ROOMS
  if (size < 64) {
    uint8_t wide[64];
    got = recv(c->fd, wide, sizeof wide, 0);
    if (got > 0) memcpy(space, wide, (size_t)got < size ? (size_t)got : size);
    if (got > (ssize_t)size) got = (ssize_t)size;
  } else
#endif
    got = recv(c->fd, space, size, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    meet_end(c);
    return;
  }
#ifdef FAULT_FLIPS_FAR_BYTES
  c->received += (size_t)got;
  if (c->received > 12u << 20) space[0] ^= 1;
#endif
  status = host->rx_commit(c->kernel, (size_t)got);
#ifdef FAULT_IGNORES_AGAIN
  if (status == FAIRLEAD_AGAIN) return;
#endif
  if (status != FAIRLEAD_OK) c->reading = 0;
}
#endif

static void conn_ready(void* arg, uint32_t events) {
  struct conn* c = arg;
  if (c->ended) return;
#ifdef FAULT_LISTENER_TAKES_ALL
  if (!c->dialled && c->instance->listeners == 0) {
    notify_end(c, FAIRLEAD_E_CLOSED, "the listener is gone");
    return;
  }
#endif
  if (c->state == CONNECTING) {
    connected(c);
  } else {
    if (c->blocked) push(c);
    if (!c->ended && (events & (FAIRLEAD_READABLE | FAIRLEAD_HANGUP)) != 0) {
      if (c->state == GREETING)
        hear(c);
      else if (c->closing)
        discard(c);
      else if (c->reading)
        receive(c);
    }
  }
  update(c);
}

#ifdef FAULT_OTHER_THREAD
static void* call_from_elsewhere(void* arg) {
  struct conn* c = arg;
  c->instance->host->rewatch(c->watch, FAIRLEAD_READABLE);
  return NULL;
}
#endif

fairlead_status do_send(void* self, const fairlead_bytes* slices, uint32_t count, uint64_t cookie) {
  struct conn* c = self;
  if (c->ended || c->closing) return FAIRLEAD_E_CLOSED;
  if (c->in_flight || c->blocked || c->state != OPEN) {
    c->starved = 1;
    return FAIRLEAD_AGAIN;
  }
  if (count + 1 > c->room) {
    fairlead_bytes* more = realloc(c->slices, (count + 1) * sizeof *more);
    if (more == NULL) return FAIRLEAD_E_NO_RESOURCE;
    c->slices = more;
    c->room = count + 1;
  }
  if (count > 0) memcpy(c->slices + 1, slices, count * sizeof *slices);
  c->slices[0] = (fairlead_bytes){NULL, 0};
  c->count = count + 1;
#ifdef MESSAGES
  if (!frame(c)) c->count = 0;
#endif
  c->next = 0;
  c->offset = 0;
  c->cookie = cookie;
  c->in_flight = 1;
#ifdef FAULT_OTHER_THREAD
  pthread_t thread;
  if (pthread_create(&thread, NULL, call_from_elsewhere, c) == 0) pthread_join(thread, NULL);
#endif
  push(c);
  update(c);
  return FAIRLEAD_OK;
}

void do_set_reading(void* self, int32_t on) {
  struct conn* c = self;
  c->reading = on;
  update(c);
}

void do_close(void* self, int32_t mode) {
  struct conn* c = self;
#ifdef FAULT_CLOSES_TWICE
  if (c->ended) return;
  if (c->closing) c->instance->host->closed(c->kernel, FAIRLEAD_E_CLOSED, (fairlead_text){"again", 5});
#endif
#ifdef FAULT_SILENT_CANCEL
  if (c->dialled && c->state != OPEN) return;
#endif
  if (c->ended) return;
  if (mode == FAIRLEAD_CLOSE_ABORT || c->state != OPEN) {
    notify_end(c, FAIRLEAD_E_CLOSED, "closed locally");
    return;
  }
  if (c->closing) return;
  c->closing = 1;
  if (!c->in_flight && !c->blocked) end_write_side(c);
  update(c);
}

struct conn* make_conn(struct instance* instance, fairlead_loop* loop, int fd, int dialled) {
  struct conn* c = calloc(1, sizeof *c);
  if (c == NULL) return NULL;
  c->instance = instance;
  c->fd = fd;
  c->dialled = dialled;
  c->reading = 1;
  if (getrandom(c->nonce, sizeof c->nonce, 0) != (ssize_t)sizeof c->nonce ||
      instance->host->watch(loop, fd, FAIRLEAD_WRITABLE, conn_ready, c, &c->watch) != FAIRLEAD_OK) {
    free(c);
    return NULL;
  }
  return c;
}

void do_release(void* self) {
  struct conn* c = self;
  c->instance->host->unwatch(c->watch);
  close(c->fd);
  free(c->slices);
  free(c->body);
  free(c);
}
