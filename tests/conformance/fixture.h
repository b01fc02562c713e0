/* What the parts of the fixture share. */
#ifndef FIXTURE_H
#define FIXTURE_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fairlead/transport.h"

#if defined(FAULT_MESSAGES) || defined(FAULT_SPLITS_MESSAGES) || defined(FAULT_WRITES_LENT)
#define MESSAGES
#endif

enum { NAME = 16, HELLO = 2 * NAME, WANT = 65536 };
enum state { CONNECTING, GREETING, OPEN };

struct instance {
  const fairlead_host* host;
  char me[NAME + 1], trust[NAME + 1];
  int listeners;
};

struct conn {
  struct instance* instance;
  fairlead_conn* kernel;
  fairlead_watch* watch;
  int fd, dialled, reading, blocked, starved, in_flight, closing, wrote_end, peer_ended, ended;
  enum state state;
  fairlead_bytes* slices;
  uint32_t room, count, next;
  size_t offset, received, heard_size;
  uint64_t cookie;
  uint8_t head[4], length[4], *body; /* MESSAGES: what goes out before the slices, what came in */
  size_t length_size, body_size, body_got, frames;
  uint8_t nonce[NAME], heard[HELLO], binding[NAME];
};

struct conn* make_conn(struct instance* instance, fairlead_loop* loop, int fd, int dialled);
fairlead_status do_send(void* self, const fairlead_bytes* slices, uint32_t count, uint64_t cookie);
void do_set_reading(void* self, int32_t on);
void do_close(void* self, int32_t mode);
void do_release(void* self);
void notify_end(struct conn* c, fairlead_status why, const char* detail);
void meet_end(struct conn* c);
void receive_messages(struct conn* c);
int frame(struct conn* c);

fairlead_status do_listen(void* self, fairlead_loop* loop, fairlead_text address, fairlead_listener* kernel,
                          void** out, fairlead_error* error);
fairlead_status do_connect(void* self, fairlead_loop* loop, fairlead_text address, fairlead_conn* kernel,
                           void** out, fairlead_error* error);
fairlead_status do_listener_address(void* self, fairlead_text* out);
void do_listener_close(void* self);

/* Fills `error` and gives `status` back. */
fairlead_status refuse(fairlead_error* error, fairlead_status status, const char* text);
/* Whether instances may be used; only the fixture that shares state between them says no. */
int instances_work(void);
#endif
