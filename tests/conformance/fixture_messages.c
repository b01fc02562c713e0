/* The fixture as a transport of messages: each one travels behind its length. */
#include "fixture.h"

#ifdef MESSAGES
enum { MOST = 32 << 20 };

static uint8_t* last_lent = NULL;

static void free_body(void* body) {
  if (last_lent == body) last_lent = NULL;
  free(body);
}

/* One message; what it does not take is freed here. */
static void lend(struct conn* c, uint8_t* body, size_t size) {
  const fairlead_host* host = c->instance->host;
  const fairlead_status status = host->rx_message(c->kernel, (fairlead_bytes){body, size}, free_body, body);
  if (status < 0) free(body);
  if (status != FAIRLEAD_OK) c->reading = 0;
#ifdef FAULT_WRITES_LENT
  if (last_lent != NULL) last_lent[0] ^= 1;
  last_lent = status < 0 ? NULL : body;
#endif
}

static void deliver(struct conn* c) {
  uint8_t* body = c->body;
  c->body = NULL;
  c->length_size = 0;
  ++c->frames;
#ifdef FAULT_SPLITS_MESSAGES
  if (c->frames > 200 && c->body_size > 1) {
    uint8_t* half = malloc(c->body_size / 2);
    if (half == NULL) abort();
    memcpy(half, body, c->body_size / 2);
    lend(c, half, c->body_size / 2);
    memmove(body, body + c->body_size / 2, c->body_size - c->body_size / 2);
    c->body_size -= c->body_size / 2;
  }
#endif
  lend(c, body, c->body_size);
}

/* Takes the length first, then the body; 1 when a message is whole, 0 to wait, -1 at the end. */
static int read_some(struct conn* c) {
  const int in_length = c->length_size < sizeof c->length;
  uint8_t* to = in_length ? c->length + c->length_size : c->body + c->body_got;
  const size_t left = in_length ? sizeof c->length - c->length_size : c->body_size - c->body_got;
  const ssize_t got = recv(c->fd, to, left, 0);
  if (got < 0 && errno == EAGAIN) return 0;
  if (got <= 0) return -1;
  if (!in_length) {
    c->body_got += (size_t)got;
    return c->body_got == c->body_size;
  }
  c->length_size += (size_t)got;
  if (c->length_size < sizeof c->length) return 0;
  c->body_size =
      (size_t)c->length[0] << 24 | (size_t)c->length[1] << 16 | (size_t)c->length[2] << 8 | c->length[3];
  c->body_got = 0;
  c->body = c->body_size == 0 || c->body_size > MOST ? NULL : malloc(c->body_size);
  return c->body == NULL ? -2 : 0;
}

void receive_messages(struct conn* c) {
  for (int i = 0; i < 16 && c->reading && !c->ended; ++i) {
    const int found = read_some(c);
    if (found == 1) deliver(c);
    if (found == -1) meet_end(c);
    if (found == -2) notify_end(c, FAIRLEAD_E_PROTOCOL, "no such length");
    if (found < 0) return;
  }
}

/* Puts the length in front of the slices; 0 when there is nothing to send. */
int frame(struct conn* c) {
  size_t size = 0;
  for (uint32_t i = 1; i < c->count; ++i) size += c->slices[i].size;
  for (int i = 0; i < 4; ++i) c->head[i] = (uint8_t)(size >> (24 - 8 * i));
  c->slices[0] = (fairlead_bytes){c->head, size == 0 ? 0 : sizeof c->head};
  return size != 0;
}
#else
typedef int fixture_is_a_stream;
#endif
